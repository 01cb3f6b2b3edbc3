import {
  Button,
  Group,
  NativeSelect,
  NumberInput,
  SegmentedControl,
  Stack,
  Text,
  Textarea,
} from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { eventsText } from '../../text/events.ts'
import { useFormat } from '../../text/format.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { Section } from '../../ui/page.tsx'
import type { HookTabProps } from '../hook.tsx'
import { TrialResults } from './trial-results.tsx'

/** The events that a trigger comes with; any other trigger is an event itself. */
const eventTypes: Readonly<Record<string, string>> = {
  'user.post-login': 'user.signed-in',
  'user.pre-register': 'user.created',
  'user.post-register': 'user.created',
  'user.post-change-password': 'user.password-changed',
  'token.pre-issue': 'token.issued',
  'role.pre-assign': 'role.assigned',
}

type Way = 'past' | 'last' | 'payload'

const parsed = (text: string): Record<string, unknown> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined
  } catch {
    return undefined
  }
}

const samplePayload = JSON.stringify(
  {
    user: { email: 'ada@example.com', app_metadata: {} },
    client: { name: 'App' },
    stats: { logins_count: 1 },
  },
  null,
  2,
)

/** Tries the saved draft on events, without any effect. */
export const Trial = ({ hook }: HookTabProps) => {
  const t = useText(hooksText)
  const events = useText(eventsText)
  const format = useFormat()
  const { may } = useSession()
  const isScript = hook.flavour === 'event-script'
  const [way, setWay] = useState<Way>(isScript ? 'payload' : 'past')
  const [trigger, setTrigger] = useState(hook.triggers[0]?.name ?? '')
  const [eventId, setEventId] = useState('')
  const [last, setLast] = useState(20)
  const [payload, setPayload] = useState(isScript ? '{}' : samplePayload)
  const past = useQuery({
    ...read('/events', {
      params: { query: { limit: 50, type: (eventTypes[trigger] ?? trigger) as never } },
    }),
    enabled: way === 'past' && !isScript && may('events:read'),
  })
  const chosen = eventId || past.data?.items[0]?.id || ''
  const event = parsed(payload)
  const isReady = way === 'last' || (way === 'past' ? chosen !== '' : event !== undefined)
  const trial = useChange(
    () =>
      answered(
        server.POST('/hooks/{id}/dry-run', {
          params: { path: { id: hook.id } },
          body: {
            ...(trigger !== '' && { trigger }),
            ...(way === 'past' && { eventIds: [chosen] }),
            ...(way === 'last' && { last }),
            ...(way === 'payload' && event && { event }),
          },
        }),
      ),
    { refusal: 'inline' },
  )
  const submit = (submitted: FormEvent) => {
    submitted.preventDefault()
    if (isReady) trial.mutate()
  }
  return (
    <Stack>
      <Section title={t.test} lead={t.testLead}>
        <form onSubmit={submit}>
          <Stack maw={680}>
            <SegmentedControl
              aria-label={t.testOn}
              value={way}
              onChange={(value) => setWay(value as Way)}
              orientation="horizontal"
              data={Object.entries(t.testOns)
                .filter(([value]) => !isScript || value !== 'past')
                .map(([value, label]) => ({ value, label }))}
            />
            {hook.triggers.length > 1 && (
              <NativeSelect
                label={t.trigger}
                value={trigger}
                onChange={(changed) => setTrigger(changed.currentTarget.value)}
                data={hook.triggers.map(({ name }) => ({ value: name, label: t.triggers[name] ?? name }))}
              />
            )}
            {way === 'past' &&
              (past.data?.items.length === 0 ? (
                <Text size="sm">{t.noEvents}</Text>
              ) : (
                <NativeSelect
                  label={t.event}
                  value={chosen}
                  onChange={(changed) => setEventId(changed.currentTarget.value)}
                  data={(past.data?.items ?? []).map(({ id, type, at, userId }) => ({
                    value: id,
                    label: [events.types[type] ?? type, userId, format.instant(at)]
                      .filter(Boolean)
                      .join(' · '),
                  }))}
                />
              ))}
            {way === 'last' && (
              <NumberInput
                label={t.howMany}
                min={1}
                max={50}
                value={last}
                onChange={(value) => setLast(Number(value))}
              />
            )}
            {way === 'payload' && (
              <Textarea
                label={t.payload}
                autosize
                minRows={8}
                maxRows={20}
                spellCheck={false}
                value={payload}
                error={event === undefined && t.payloadWrong}
                onChange={(changed) => setPayload(changed.currentTarget.value)}
                styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
              />
            )}
            <Fault error={trial.error} />
            <Group justify="flex-end">
              <Button type="submit" disabled={!isReady} loading={trial.isPending}>
                {way === 'last' ? t.dryRun : t.run}
              </Button>
            </Group>
          </Stack>
        </form>
      </Section>
      {trial.data && <TrialResults results={trial.data.results} />}
    </Stack>
  )
}
