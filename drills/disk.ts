// A disk of its own that loses power: ext4 on a loop device, from which all that was not synced is dropped.
import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type Disk = {
  readonly folder: string
  /** From now on nothing can be written or read, and what was not synced is gone. */
  cut(): void
  /** Mounts it again, as a machine does that starts; whoever used it has to be gone. */
  mount(): void
  remove(): void
}

const bytes = 512 * 1_048_576

/** Shuts a file system down without writing its log out: `EXT4_IOC_SHUTDOWN` with `NOLOGFLUSH`. */
const shutDown = `open(my $f, '<', $ARGV[0]) or die "$!"; my $flags = pack('L', 2);
  ioctl($f, 0x8004587d, $flags) or die "$!"`

/** @returns why there is none, where none can be had */
export function makeDisk(): Disk | string {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return 'only root on Linux may mount a disk'
  const root = mkdtempSync(join(tmpdir(), 'mortise-disk-'))
  const image = join(root, 'image')
  const folder = join(root, 'disk')
  mkdirSync(folder)
  writeFileSync(image, '')
  truncateSync(image, bytes)
  const mount = () => must('mount', '-t', 'ext4', '-o', 'loop', image, folder)
  const file = join(folder, 'to-be-cut')
  const disk = {
    folder,
    cut: () => must('perl', '-e', shutDown, file),
    mount() {
      must('umount', folder)
      mount()
    },
    remove() {
      spawnSync('umount', ['-l', folder])
      rmSync(root, { recursive: true, force: true })
    },
  }
  try {
    must('mkfs.ext4', '-q', '-F', image)
    mount()
    writeFileSync(file, '')
    must('sync', '-f', file)
    // What cannot cut proves nothing.
    disk.cut()
    disk.mount()
    return disk
  } catch (error) {
    disk.remove()
    return `a disk that can be cut cannot be had here: ${error instanceof Error ? error.message : error}`
  }
}

function must(program: string, ...args: string[]): void {
  const { status, stderr, error } = spawnSync(program, args, { encoding: 'utf8' })
  if (status !== 0) throw new Error(`${program} ${args[0]}: ${error?.message ?? stderr.trim()}`)
}
