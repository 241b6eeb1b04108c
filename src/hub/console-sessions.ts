// Sessions of the console: begun with a link that works once or with an API key, ended by time or by leaving.
import { randomBytes } from 'node:crypto'
import { findAccount } from '../storage/accounts.ts'
import {
  consoleSessionsOf,
  findLinkByDigest,
  findSessionByDigest,
  type SessionRow,
  sessionsLike,
  sweepSessions,
} from '../storage/console-sessions.ts'
import { type Db, hold, transact } from '../storage/database.ts'
import type { Admission } from './admission.ts'
import { digestOf } from './api-key.ts'
import type { RecordAudit } from './audit.ts'
import type { Caller } from './caller.ts'
import { callerAt, type From, homeOf, isOperator, linkCaller, operatorCaller } from './console-callers.ts'
import { HubError } from './errors.ts'
import type { Limits } from './limits.ts'
import { sweepAll } from './sweeping.ts'
import { type Clock, later, type Timestamp } from './timestamp.ts'

const minuteMs = 60_000
/** How long a link that signs in can be used. */
export const linkMinutes = 30
/** A session ends when nothing was asked with it for so long… */
const idleMs = 30 * minuteMs
/** …and however busy it is, after so long. */
export const sessionMsMax = 12 * 60 * minuteMs
/** A use is written down no more often than this. */
const noteUseEveryMs = minuteMs

/** 32 random bytes. */
const tokenShape = /^[A-Za-z0-9_-]{43}$/

/** What is shown to who is signed in. */
export type Session = {
  readonly caller: Caller
  readonly startedWith: 'link' | 'key'
  /** The operator's own account, where this is another one. */
  readonly homeId: number | null
  readonly endsAt: Timestamp
}

/** What the browser keeps. */
export type BegunSession = Session & { readonly token: string }

export type ConsoleSessions = ReturnType<typeof consoleSessions>

export function consoleSessions(needs: {
  db: Db
  now: Clock
  newUid(): string
  admission: Pick<Admission, 'admit'>
  limits: Limits
  record: RecordAudit
}) {
  const { db, now, newUid, admission, limits, record } = needs

  async function insert(
    db: Db,
    caller: Caller,
    given: { keyUid: string | null; homeId: number | null; createdAt: Timestamp; usedAt: Timestamp },
  ): Promise<BegunSession> {
    const token = randomBytes(32).toString('base64url')
    const uid = newUid()
    const { keyUid, homeId, createdAt, usedAt } = given
    await consoleSessionsOf(db, caller.accountId).insert({
      uid,
      digest: digestOf(token),
      key_uid: keyUid,
      home_account_id: homeId,
      created_at: createdAt,
      used_at: usedAt,
    })
    const startedWith = keyUid === null ? 'link' : 'key'
    await record(db, caller, usedAt, {
      action: 'session.started',
      subject: `session/${uid}`,
      data: { with: homeId === null ? startedWith : 'operator' },
    })
    return { token, caller, startedWith, homeId, endsAt: later(createdAt, sessionMsMax) }
  }

  function begin(db: Db, caller: Caller, at: Timestamp): Promise<BegunSession> {
    const { accountId, keyUid } = caller
    const given = { keyUid, homeId: null, createdAt: at, usedAt: at }
    return transact(db, accountId, (db) => insert(db, caller, given))
  }

  async function signInByLink(text: string, from: From): Promise<BegunSession> {
    const at = now()
    const digest = digestOf(text)
    const accountId = tokenShape.test(text) ? await findLinkByDigest(db, digest, at) : undefined
    if (accountId === undefined) throw usedLink()
    return transact(db, accountId, async (db) => {
      if (!(await consoleSessionsOf(db, accountId).takeLink(digest))) throw usedLink()
      return begin(db, linkCaller(accountId, from), at)
    })
  }

  /** @returns undefined where it is over, or its key is */
  async function callerOf(row: SessionRow, from: From, at: Timestamp): Promise<Caller | undefined> {
    if (later(row.used_at, idleMs) <= at || later(row.created_at, sessionMsMax) <= at) return undefined
    return callerAt(db, Number(row.account_id), row, from, at)
  }

  async function open(token: string, from: From): Promise<{ row: SessionRow; caller: Caller }> {
    const row = tokenShape.test(token) ? await findSessionByDigest(db, digestOf(token)) : undefined
    const at = now()
    const caller = row && (await callerOf(row, from, at))
    if (!row || !caller) throw new HubError('unauthenticated', 'Your session has ended. Sign in again.')
    if (later(row.used_at, noteUseEveryMs) <= at) {
      await transact(db, row.account_id, (db) => consoleSessionsOf(db, row.account_id).noteUse(row.uid, at))
    }
    return { row, caller }
  }

  return {
    /** For the person at the command line. @returns the text of a link that signs in at this account once */
    async createLink(accountId: number): Promise<{ text: string; expiresAt: Timestamp }> {
      const text = randomBytes(32).toString('base64url')
      const expiresAt = later(now(), linkMinutes * minuteMs)
      await transact(db, accountId, (db) =>
        consoleSessionsOf(db, accountId).insertLink(digestOf(text), expiresAt),
      )
      return { text, expiresAt }
    },

    /** @throws HubError unauthenticated, throttled */
    signIn(given: { link: string } | { apiKey: string }, from: From): Promise<BegunSession> {
      return limits.signIn(from.address, async () => {
        if ('link' in given) return signInByLink(given.link, from)
        const caller = await admission.admit(given.apiKey, from)
        return begin(db, caller, now())
      })
    },

    /** In place of a key's admission. @throws HubError unauthenticated */
    admit: async (token: string, from: From): Promise<Caller> => (await open(token, from)).caller,

    async get(token: string, from: From): Promise<Session> {
      const { row, caller } = await open(token, from)
      return {
        caller,
        startedWith: row.key_uid === null ? 'link' : 'key',
        homeId: row.home_account_id === null ? null : Number(row.home_account_id),
        endsAt: later(row.created_at, sessionMsMax),
      }
    },

    /**
     * For an operator: a session at another account in place of this one, which ends no later. Both accounts
     * have it on record.
     * @throws HubError unauthenticated, forbidden, not_found
     */
    async switchTo(token: string, accountId: number, from: From): Promise<BegunSession> {
      const { row, caller } = await open(token, from)
      if (!isOperator(caller)) {
        throw new HubError(
          'forbidden',
          'Only operators of this installation may look at other accounts: who came by a link that the command line made, or with a key that has the scope operator.',
        )
      }
      const at = now()
      const there = await callerAt(db, accountId, row, from, at)
      if (!there) throw new HubError('unauthenticated', 'Your session has ended. Sign in again.')
      const homeId = homeOf(row)
      return transact(db, 'all accounts', async (db) => {
        if (!(await findAccount(db, accountId))) {
          throw new HubError('not_found', `There is no account ${accountId}.`)
        }
        // In one order everywhere, so that nobody waits in a ring.
        for (const id of [...new Set([row.account_id, accountId])].sort((a, b) => a - b)) await hold(db, id)
        await consoleSessionsOf(db, row.account_id).remove(row.uid)
        await record(db, caller, at, {
          action: 'session.switched',
          subject: `session/${row.uid}`,
          data: { account: accountId },
        })
        return insert(db, there, {
          keyUid: row.key_uid,
          homeId: accountId === homeId ? null : homeId,
          createdAt: row.created_at,
          usedAt: at,
        })
      })
    },

    /** From here on the cookie is worth nothing, wherever a copy of it is. */
    async end(token: string, from: From): Promise<void> {
      const { row, caller } = await open(token, from)
      await transact(db, row.account_id, async (db) => {
        if (!(await consoleSessionsOf(db, row.account_id).remove(row.uid))) return
        const entry = { action: 'session.ended', subject: `session/${row.uid}`, data: {} } as const
        await record(db, caller, now(), entry)
      })
    },

    /**
     * Every session that was begun with the same key; of who came by a link, all that came so to the same
     * account, and the links that nobody has used yet.
     * @returns how many were ended
     */
    async endAll(token: string, from: From): Promise<number> {
      const { row, caller } = await open(token, from)
      const homeId = homeOf(row)
      if (row.key_uid === null) {
        await transact(db, homeId, (db) => consoleSessionsOf(db, homeId).removeLinks())
      }
      const like = await sessionsLike(db, { homeId, keyUid: row.key_uid })
      for (const { accountId, uid } of like) {
        const there = accountId === caller.accountId ? caller : operatorCaller(accountId, caller)
        await transact(db, accountId, async (db) => {
          if (!(await consoleSessionsOf(db, accountId).remove(uid))) return
          const entry = { action: 'session.ended', subject: `session/${uid}`, data: {} } as const
          await record(db, there, now(), entry)
        })
      }
      return like.length
    },

    sweep: () =>
      sweepAll({ db, now }, 'console sessions', (db, limit) => {
        const at = now()
        const over = {
          usedBefore: later(at, -idleMs),
          createdBefore: later(at, -sessionMsMax),
          linksBefore: at,
        }
        return sweepSessions(db, over, limit)
      }),
  }
}

function usedLink(): HubError {
  return new HubError(
    'unauthenticated',
    `This link was used, or is older than ${linkMinutes} minutes. Make a new one: mortise open.`,
  )
}
