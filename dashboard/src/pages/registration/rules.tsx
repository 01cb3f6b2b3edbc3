import {
  Badge,
  Button,
  Checkbox,
  Group,
  Modal,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from '@mantine/core'
import { IconGitBranch, IconPlus } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense, useState } from 'react'
import { useChange } from '../../change.tsx'
import { type ChosenRole, RoleChoice } from '../../forms/role-choice.tsx'
import { answered, type Item, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault, PageLoading } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { registrationText } from '../../text/registration.ts'
import { shellText } from '../../text/shell.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { Empty, Section } from '../../ui/page.tsx'
import { DataTable } from '../../ui/table.tsx'
import { QuickForm } from '../entity-list.tsx'

const DryRun = lazy(() => import('./dry-run.tsx'))

export type Rule = Item<'/rules'>

export const Rules = () => {
  const t = useText(registrationText)
  const shell = useText(shellText)
  const { may } = useSession()
  const [isMaking, setMaking] = useState(false)
  const [tried, setTried] = useState<Rule>()
  const [leaving, setLeaving] = useState<Rule>()
  const found = useQuery(read('/rules', { params: { query: { limit: 200 } } }))
  const roles = useQuery(read('/roles', { params: { query: { limit: 200 } } }))
  const toggle = useChange(({ id, isActive }: Rule) =>
    answered(server.PATCH('/rules/{id}', { params: { path: { id } }, body: { isActive: !isActive } })),
  )
  const remove = useChange(
    ({ id }: Rule) => answered(server.DELETE('/rules/{id}', { params: { path: { id } } })),
    {
      done: () => t.deleted,
    },
  )
  const create = may('rules:create') && (
    <Button leftSection={<IconPlus size={16} />} onClick={() => setMaking(true)}>
      {t.newRule}
    </Button>
  )
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  return (
    <Section flush title={t.rules} actions={(found.data?.items.length ?? 0) > 0 && create}>
      <DataTable
        label={t.rules}
        rows={found.data?.items}
        idOf={({ id }) => id}
        expected={3}
        columns={[
          {
            key: 'name',
            title: t.name,
            cell: ({ name, condition, isActive }) => (
              <>
                <Group gap={6}>
                  <Text size="sm" fw={550}>
                    {name}
                  </Text>
                  <Badge color={isActive ? 'teal' : 'gray'}>{isActive ? t.active : t.inactive}</Badge>
                </Group>
                <Text size="xs" ff="monospace" c="dimmed">
                  {condition}
                </Text>
              </>
            ),
          },
          {
            key: 'when',
            title: t.occasions,
            wide: true,
            cell: ({ occasions }) => occasions.map((each) => t.occasionNames[each]).join(', '),
          },
          {
            key: 'gives',
            title: t.gives,
            cell: (rule) => (
              <Group gap={4}>
                {rule.roles.map(({ roleId, scope }) => (
                  <Badge key={`${roleId} ${scope}`} color="gray">
                    {roles.data?.items.find(({ id }) => id === roleId)?.name ?? roleId}
                  </Badge>
                ))}
              </Group>
            ),
          },
          {
            key: 'actions',
            title: <span className="visually-hidden">{shell.actions}</span>,
            align: 'right',
            cell: (rule) =>
              may('rules:update') && (
                <Group gap={4} justify="flex-end">
                  <Button
                    size="compact-sm"
                    variant="light"
                    aria-label={`${t.dryRun} ${rule.name}`}
                    onClick={() => setTried(rule)}
                  >
                    {t.dryRun}
                  </Button>
                  <Button
                    size="compact-sm"
                    variant="subtle"
                    aria-label={`${rule.isActive ? t.switchOff : t.switchOn}: ${rule.name}`}
                    onClick={() => toggle.mutate(rule)}
                  >
                    {rule.isActive ? t.switchOff : t.switchOn}
                  </Button>
                  {may('rules:delete') && (
                    <Button
                      size="compact-sm"
                      variant="subtle"
                      color="red"
                      c="var(--mantine-color-error)"
                      aria-label={`${shell.delete} ${rule.name}`}
                      onClick={() => setLeaving(rule)}
                    >
                      {shell.delete}
                    </Button>
                  )}
                </Group>
              ),
          },
        ]}
        empty={
          <Empty icon={<IconGitBranch size={26} />} title={t.noRules} action={create}>
            {t.noRulesText}
          </Empty>
        }
      />
      <Modal
        opened={isMaking}
        onClose={() => setMaking(false)}
        size="lg"
        title={<Text fw={600}>{t.newRule}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <RuleForm onClose={() => setMaking(false)} onMade={setTried} />
      </Modal>
      <Modal
        opened={tried !== undefined}
        onClose={() => setTried(undefined)}
        size="xl"
        title={<Text fw={600}>{tried && t.dryRunTitle(tried.name)}</Text>}
        closeButtonProps={{ 'aria-label': shell.close }}
      >
        <Suspense fallback={<PageLoading />}>
          {tried && (
            <DryRun
              rule={tried}
              nameOfRole={(roleId) => roles.data?.items.find(({ id }) => id === roleId)?.name ?? roleId}
            />
          )}
        </Suspense>
      </Modal>
      <Confirm
        isOpen={leaving !== undefined}
        title={t.deleteTitle(leaving?.name ?? '')}
        action={shell.delete}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setLeaving(undefined)}
        onConfirm={() => {
          remove.mutate(leaving!)
          setLeaving(undefined)
        }}
      >
        {t.deleteText}
      </Confirm>
    </Section>
  )
}

type Occasion = Rule['occasions'][number]

/** A new rule is off: what it would change is looked at first. */
const RuleForm = ({ onClose, onMade }: { onClose: () => void; onMade: (rule: Rule) => void }) => {
  const t = useText(registrationText)
  const [name, setName] = useState('')
  const [condition, setCondition] = useState('')
  const [occasions, setOccasions] = useState<string[]>(['registration'])
  const [isInStep, setInStep] = useState(false)
  const [roles, setRoles] = useState<ChosenRole[]>([])
  return (
    <QuickForm
      action={t.newRule}
      onCancel={onClose}
      save={() =>
        answered(
          server.POST('/rules', {
            body: {
              name: name.trim(),
              condition: condition.trim(),
              occasions: occasions as Occasion[],
              mode: isInStep ? 'keep-in-step' : 'add',
              isActive: false,
              roles: roles.map(({ id }) => ({ roleId: id })),
            },
          }),
        )
      }
      done={() => t.saved}
      afterwards={onMade}
    >
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Textarea
        label={t.condition}
        description={t.conditionHint}
        autosize
        minRows={2}
        required
        withAsterisk={false}
        value={condition}
        onChange={(event) => setCondition(event.currentTarget.value)}
        styles={{ input: { fontFamily: 'var(--mantine-font-family-monospace)', fontSize: 13 } }}
      />
      <Checkbox.Group label={t.occasions} value={occasions} onChange={setOccasions}>
        <Stack gap={6} mt={6}>
          {Object.entries(t.occasionNames).map(([value, label]) => (
            <Checkbox key={value} value={value} label={label} />
          ))}
        </Stack>
      </Checkbox.Group>
      <Switch
        label={t.keepInStep}
        description={t.keepInStepHint}
        checked={isInStep}
        onChange={(event) => setInStep(event.currentTarget.checked)}
      />
      <RoleChoice chosen={roles} onChange={setRoles} heldIn="workspace" />
    </QuickForm>
  )
}
