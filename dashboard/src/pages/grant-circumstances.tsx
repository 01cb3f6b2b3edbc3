import type { Explanation } from '../server.ts'
import { explainText } from '../text/explain.ts'
import { useText } from '../text/language.tsx'
import { shellText } from '../text/shell.ts'
import { Time } from '../ui/time.tsx'

/** Through which door something was given, since when, until when and why, as the end of a line about it. */
export const GrantCircumstances = ({
  grant: { door, since, until, reason },
}: {
  grant: Explanation['paths'][number]['grant']
}) => {
  const t = useText(explainText)
  const shell = useText(shellText)
  return (
    <>
      {door && ` · ${shell.doors[door] ?? door}`}
      {since && (
        <>
          {` · ${t.since} `}
          <Time at={since} />
        </>
      )}
      {until && (
        <>
          {` · ${t.until} `}
          <Time at={until} />
        </>
      )}
      {reason && ` · “${reason}”`}
    </>
  )
}
