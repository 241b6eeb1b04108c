// `mortise freelancers …`: people with an Invoice Integration of their own; its commands are made from the contract.
import type { Command } from 'commander'

export function addFreelancers(program: Command): void {
  program
    .command('freelancers')
    .description('list, make and change freelancers, each with an Invoice Integration')
}
