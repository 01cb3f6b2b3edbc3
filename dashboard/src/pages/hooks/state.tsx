import { Badge, Group } from '@mantine/core'
import type { Hook } from '../../server.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'

/** What became of a hook: built or not, deployed or not, off. */
export const HookState = ({
  hook: { status, deployedVersion, hasChanges, isEnabled },
}: {
  hook: Pick<Hook, 'status' | 'deployedVersion' | 'hasChanges' | 'isEnabled'>
}) => {
  const t = useText(hooksText)
  return (
    <Group gap={4} component="span">
      {deployedVersion ? (
        <Badge color="teal">{t.deployedAs(deployedVersion.versionNumber)}</Badge>
      ) : (
        <Badge color="gray">{t.deployedNot}</Badge>
      )}
      {status !== 'built' && <Badge color={status === 'failed' ? 'red' : 'iris'}>{t.statuses[status]}</Badge>}
      {deployedVersion && hasChanges && <Badge color="orange">{t.hasChanges}</Badge>}
      {!isEnabled && <Badge color="orange">{t.off}</Badge>}
    </Group>
  )
}
