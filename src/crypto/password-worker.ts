/**
 * What a thread of the password pool does. All of it blocks, and that is the point: these threads get less of the
 * machine than the one that serves requests, which no shared pool of threads could be told.
 */
import { hashSync, type Options, verifySync } from '@node-rs/argon2'
import { type ForeignHash, type Verdict, verifyForeign } from './foreign-passwords.ts'

/** A piece of work. */
export type PasswordTask =
  | { kind: 'hash'; text: string; parameters: Options }
  | { kind: 'verify'; text: string; hash: string }
  | { kind: 'verify-foreign'; text: string; foreign: ForeignHash }

/** What a piece of work comes to. */
export type PasswordResult = { hash: string; verify: boolean; 'verify-foreign': Verdict }

/** Does one piece of work. @throws for an argon2 hash that is none; bounds are checked before. */
export default (task: PasswordTask): PasswordResult[PasswordTask['kind']] => {
  switch (task.kind) {
    case 'hash':
      return hashSync(task.text, task.parameters)
    case 'verify':
      return verifySync(task.hash, task.text)
    case 'verify-foreign':
      return verifyForeign(task.text, task.foreign)
  }
}
