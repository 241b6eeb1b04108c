// The vault: what opens the store, and the keys that seal what is in it; for operators.
import { useQuery } from '@tanstack/react-query'
import { getVault } from '../../hub-operators.ts'
import { Empty, Page, Waiting } from '../../parts/page.tsx'
import { Problem } from '../../parts/problem.tsx'
import { useIsOperator } from '../../session/session.ts'
import { texts } from '../../texts.ts'
import { DataKeys, RootKeys } from './keys.tsx'
import { Slots } from './slots.tsx'

export function Vault() {
  const isOperator = useIsOperator()
  const { data, error } = useQuery({ queryKey: ['vault'], queryFn: getVault, enabled: isOperator })
  if (!isOperator) {
    return (
      <Page title={texts.vault.title}>
        <Empty title={texts.vault.refused} help={texts.vault.refusedHelp} />
      </Page>
    )
  }
  return (
    <Page title={texts.vault.title}>
      {error && <Problem error={error} />}
      {!data && !error && <Waiting rows={8} />}
      {data && (
        <>
          <Slots slots={data.slots} />
          <RootKeys keys={data.root_keys} plan={data.root_plan} />
          <DataKeys keys={data.data_keys} plan={data.data_plan} />
        </>
      )}
    </Page>
  )
}
