import { Alert, Badge, Button, Group, Modal, Stack, Text, TextInput } from '@mantine/core'
import { IconShieldCheck } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, type Item, read, server } from '../../server.ts'
import { Fault } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { meText } from '../../text/me.ts'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { CopyText, Snippet } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import { Time } from '../../ui/time.tsx'

type Factor = Item<'/users/{id}/second-factors'>
type Enrolment = { id: string; secret: string; picture: string }

/** What one proves oneself with beside a password: apps that show codes, passkeys, recovery codes. */
export const SecondFactors = ({ userId }: { userId: string }) => {
  const t = useText(meText)
  const shell = useText(shellText)
  const params = { path: { id: userId } }
  const [enrolment, setEnrolment] = useState<Enrolment>()
  const [codes, setCodes] = useState<readonly string[]>()
  const [leaving, setLeaving] = useState<Factor>()
  const [isRenewing, setRenewing] = useState(false)
  const found = useQuery(read('/users/{id}/second-factors', { params }))
  const begin = useChange(
    async () => {
      const [{ id, secret, uri }, { toDataURL }] = await Promise.all([
        answered(server.POST('/users/{id}/second-factors/totp', { params, body: {} })),
        import('qrcode'),
      ])
      return { id, secret, picture: await toDataURL(uri, { margin: 1, width: 220 }) }
    },
    { afterwards: setEnrolment },
  )
  const addPasskey = useChange(
    async () => {
      const { startRegistration } = await import('@simplewebauthn/browser')
      const options = await answered(server.POST('/users/{id}/second-factors/passkeys/options', { params }))
      const made = await startRegistration({ optionsJSON: options as never })
      const body = { response: { ...made } }
      return answered(server.POST('/users/{id}/second-factors/passkeys', { params, body }))
    },
    { done: () => t.factorAdded, afterwards: ({ recoveryCodes }) => setCodes(recoveryCodes) },
  )
  const renew = useChange(
    () => answered(server.POST('/users/{id}/second-factors/recovery-codes', { params })),
    { afterwards: ({ recoveryCodes }) => setCodes(recoveryCodes) },
  )
  const remove = useChange(
    ({ id }: Factor) =>
      answered(
        server.DELETE('/users/{id}/second-factors/{factorId}', {
          params: { path: { id: userId, factorId: id } },
        }),
      ),
    { done: () => t.factorRemoved },
  )
  const factors = found.data?.items.filter(({ isConfirmed }) => isConfirmed)
  return (
    <Section
      title={t.factors}
      lead={t.factorsLead}
      actions={
        <>
          <Button size="xs" variant="default" loading={begin.isPending} onClick={() => begin.mutate()}>
            {t.addApp}
          </Button>
          <Button
            size="xs"
            variant="default"
            loading={addPasskey.isPending}
            onClick={() => addPasskey.mutate()}
          >
            {t.addPasskey}
          </Button>
        </>
      }
    >
      <Stack gap="sm">
        <Fault error={found.error} onRetry={() => void found.refetch()} />
        {found.data?.isRequired && factors?.length === 0 && (
          <Alert color="yellow" icon={<IconShieldCheck size={18} />}>
            {t.factorRequired}
          </Alert>
        )}
        {factors?.length === 0 && (
          <Text size="sm" c="dimmed">
            {t.noFactors}
          </Text>
        )}
        {factors?.map((factor) => (
          <Group key={factor.id} justify="space-between" wrap="nowrap">
            <div>
              <Group gap="xs">
                <Text size="sm" fw={550}>
                  {factor.name || t.factorKinds[factor.kind]}
                </Text>
                <Badge color="gray">{t.factorKinds[factor.kind]}</Badge>
              </Group>
              <Text size="xs" c="dimmed">
                {t.lastUsed} <Time at={factor.usedAt} fallback={shell.never} />
              </Text>
            </div>
            <Button
              size="compact-sm"
              variant="subtle"
              color="red"
              c="var(--mantine-color-error)"
              aria-label={t.removeFactor(factor.name || t.factorKinds[factor.kind])}
              onClick={() => setLeaving(factor)}
            >
              {t.remove}
            </Button>
          </Group>
        ))}
        {(factors?.length ?? 0) > 0 && (
          <Group justify="space-between">
            <Text size="sm">{t.codesLeft(found.data?.recoveryCodesLeft ?? 0)}</Text>
            <Button size="compact-sm" variant="subtle" onClick={() => setRenewing(true)}>
              {t.renewCodes}
            </Button>
          </Group>
        )}
      </Stack>
      <Modal
        opened={enrolment !== undefined}
        onClose={() => setEnrolment(undefined)}
        title={<Text fw={600}>{t.addApp}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        {enrolment && (
          <Enrol
            userId={userId}
            enrolment={enrolment}
            onDone={(recoveryCodes) => {
              setEnrolment(undefined)
              setCodes(recoveryCodes)
            }}
          />
        )}
      </Modal>
      <Modal
        opened={codes !== undefined}
        onClose={() => setCodes(undefined)}
        title={<Text fw={600}>{t.recoveryCodes}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <Stack>
          <Text size="sm">{t.recoveryCodesText}</Text>
          <Snippet code={codes?.join('\n') ?? ''} label={shell.copy} done={shell.copied} />
          <Group justify="flex-end">
            <Button onClick={() => setCodes(undefined)}>{t.keptCodes}</Button>
          </Group>
        </Stack>
      </Modal>
      <Confirm
        isOpen={isRenewing}
        title={t.renewCodes}
        action={t.renewCodes}
        cancel={shell.cancel}
        onClose={() => setRenewing(false)}
        onConfirm={() => {
          setRenewing(false)
          renew.mutate()
        }}
      >
        {t.renewCodesText}
      </Confirm>
      <Confirm
        isOpen={leaving !== undefined}
        title={t.removeFactor(leaving?.name || (leaving ? t.factorKinds[leaving.kind] : ''))}
        action={t.remove}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          remove.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {t.removeFactorText}
      </Confirm>
    </Section>
  )
}

type EnrolProps = {
  userId: string
  enrolment: Enrolment
  onDone: (recoveryCodes: readonly string[] | undefined) => void
}

const Enrol = ({ userId, enrolment: { id, secret, picture }, onDone }: EnrolProps) => {
  const t = useText(meText)
  const shell = useText(shellText)
  const [code, setCode] = useState('')
  const confirm = useChange(
    () =>
      answered(
        server.POST('/users/{id}/second-factors/totp/{factorId}/confirm', {
          params: { path: { id: userId, factorId: id } },
          body: { code: code.trim() },
        }),
      ),
    {
      refusal: 'inline',
      done: () => t.factorAdded,
      afterwards: ({ recoveryCodes }) => onDone(recoveryCodes),
    },
  )
  const submit = (event: FormEvent) => {
    event.preventDefault()
    confirm.mutate()
  }
  return (
    <form onSubmit={submit}>
      <Stack>
        <Text size="sm">{t.scan}</Text>
        <img src={picture} width={220} height={220} alt={t.qrCode} style={{ alignSelf: 'center' }} />
        <Group gap="xs" wrap="nowrap">
          <CopyText value={secret} label={shell.copy} done={shell.copied} />
        </Group>
        <TextInput
          label={t.code}
          required
          withAsterisk={false}
          inputMode="numeric"
          autoComplete="one-time-code"
          data-autofocus
          value={code}
          onChange={(event) => setCode(event.currentTarget.value)}
        />
        <Fault error={confirm.error} />
        <Group justify="flex-end">
          <Button type="submit" loading={confirm.isPending}>
            {t.confirm}
          </Button>
        </Group>
      </Stack>
    </form>
  )
}
