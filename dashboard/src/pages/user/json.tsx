import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Snippet } from '../../ui/copy.tsx'
import type { UserTabProps } from '../user.tsx'

export const Json = ({ user }: UserTabProps) => {
  const shell = useText(shellText)
  return <Snippet code={JSON.stringify(user, null, 2)} label={shell.copy} done={shell.copied} />
}
