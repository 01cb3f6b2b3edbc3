import type { Item } from '../../server.ts'

type ListedUser = Item<'/users'>

const fields = [
  'id',
  'email',
  'username',
  'name',
  'isBlocked',
  'isEmailVerified',
  'loginsCount',
  'lastLoginAt',
  'createdAt',
] as const

/** Hands the browser a table of them. @param only these of them, where not all are meant */
export const exportUsers = async (
  pages: AsyncIterable<ListedUser[]>,
  only: ReadonlySet<string> | undefined,
): Promise<void> => {
  const lines = [fields.join(',')]
  for await (const page of pages) {
    for (const user of page) {
      if (only && !only.has(user.id)) continue
      lines.push(fields.map((field) => cell(user[field])).join(','))
    }
    if (only && lines.length > only.size) break
  }
  const url = URL.createObjectURL(new Blob([`${lines.join('\r\n')}\r\n`], { type: 'text/csv' }))
  const link = document.createElement('a')
  link.href = url
  link.download = 'users.csv'
  link.click()
  URL.revokeObjectURL(url)
}

/** Quoted where it must be; a cell that a spreadsheet would take for a formula is kept a text. @see RFC 4180 */
const cell = (value: unknown): string => {
  const text = value === undefined ? '' : String(value)
  const plain = /^[=+\-@\t\r]/u.test(text) ? `'${text}` : text
  return /[",\r\n]/u.test(plain) ? `"${plain.replaceAll('"', '""')}"` : plain
}
