import { Button, Group, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { applicationsText } from '../../text/applications.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import type { ApplicationTabProps } from '../application.tsx'

/** What the application proves itself with. Secrets are fetched only when somebody asks to see them. */
export const Credentials = ({ application: { id, name, hasSecret, hasApiKey } }: ApplicationTabProps) => {
  const t = useText(applicationsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [isShown, setShown] = useState(false)
  const [asks, setAsks] = useState<'secret' | 'key'>()
  const path = { id }
  const secrets = useQuery({
    ...read('/applications/{id}/secrets', { params: { path } }),
    enabled: isShown,
    gcTime: 0,
  })
  const show = { done: () => t.rotated, afterwards: () => setShown(true) }
  const rotate = useChange(
    () => answered(server.POST('/applications/{id}/rotate-secret', { params: { path } })),
    show,
  )
  const newKey = useChange(
    () => answered(server.PUT('/applications/{id}/api-key', { params: { path }, body: {} })),
    show,
  )
  const copy = { label: shell.copy, done: shell.copied }
  const hidden = <Text ff="monospace">••••••••••••••••</Text>
  const reveal = may('applications:read-secrets') && !isShown && (
    <Button variant="default" onClick={() => setShown(true)}>
      {t.show}
    </Button>
  )
  const isMine = may('applications:update-secrets')
  return (
    <Stack>
      <Section title={t.clientId}>
        <CopyText value={id} {...copy} />
      </Section>
      <Fault error={secrets.error} />
      <Section title={t.secret}>
        <Group justify="space-between">
          {!hasSecret ? (
            <Text size="sm">{t.noSecret}</Text>
          ) : secrets.data?.secret && isShown ? (
            <CopyText value={secrets.data.secret} {...copy} />
          ) : (
            hidden
          )}
          <Group gap="sm">
            {hasSecret && reveal}
            {isMine && (
              <Button variant="default" onClick={() => setAsks('secret')}>
                {t.rotate}
              </Button>
            )}
          </Group>
        </Group>
      </Section>
      <Section title={t.apiKey} lead={t.apiKeyLead}>
        <Group justify="space-between">
          {!hasApiKey ? (
            <Text size="sm">{shell.none}</Text>
          ) : secrets.data?.apiKey && isShown ? (
            <CopyText value={secrets.data.apiKey} {...copy} />
          ) : (
            hidden
          )}
          <Group gap="sm">
            {hasApiKey && reveal}
            {isMine && (
              <Button variant="default" onClick={() => setAsks('key')}>
                {t.newKey}
              </Button>
            )}
          </Group>
        </Group>
      </Section>
      <Confirm
        isOpen={asks !== undefined}
        title={asks === 'key' ? t.newKey : t.rotateTitle(name)}
        action={asks === 'key' ? t.newKey : t.rotate}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setAsks(undefined)}
        onConfirm={() => {
          if (asks === 'key') newKey.mutate()
          else rotate.mutate()
          setAsks(undefined)
        }}
      >
        {asks === 'key' ? t.newKeyText : t.rotateText}
      </Confirm>
    </Stack>
  )
}
