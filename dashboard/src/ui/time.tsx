import { Text, Tooltip } from '@mantine/core'
import { useFormat } from '../text/format.ts'

/** An instant, as long ago as it is; the exact one on demand. */
export const Time = ({ at, fallback = '–' }: { at: string | undefined; fallback?: string }) => {
  const format = useFormat()
  if (at === undefined) return <span>{fallback}</span>
  return (
    <Tooltip label={format.exact(at)}>
      <Text component="time" dateTime={at} inherit style={{ whiteSpace: 'nowrap' }}>
        {format.relative(at)}
      </Text>
    </Tooltip>
  )
}
