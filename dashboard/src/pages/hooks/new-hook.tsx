import { NativeSelect, Radio, Stack, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { useGo } from '../../link.tsx'
import { paths } from '../../paths.ts'
import { answered, type Item, read, server } from '../../server.ts'
import { eventsText } from '../../text/events.ts'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { QuickForm } from '../entity-list.tsx'

type Flavour = Item<'/hooks'>['flavour']

const functionNames: Readonly<Record<string, string>> = {
  'user.pre-register': 'PreUserRegistration',
  'user.post-register': 'PostUserRegistration',
  'user.post-login': 'PostLogin',
  'user.post-change-password': 'PostChangePassword',
  'token.pre-issue': 'CredentialsExchange',
  'role.pre-assign': 'PreRoleAssignment',
}

/** `role.assigned` → `RoleAssigned` */
const inCapitals = (name: string): string =>
  name
    .split(/[.-]/u)
    .map((word) => word.slice(0, 1).toUpperCase() + word.slice(1))
    .join('')

const firstCode = (flavour: Flavour, trigger: string): string =>
  flavour === 'action'
    ? `exports.onExecute${functionNames[trigger] ?? inCapitals(trigger)} = async (event, api) => {\n};\n`
    : "print('Ran at ' + event.request.method);\n"

/** A draft with the frame of a function, which is opened in the editor. */
export const NewHook = ({ onClose }: { onClose: () => void }) => {
  const t = useText(hooksText)
  const events = useText(eventsText)
  const go = useGo()
  const [name, setName] = useState('')
  const [flavour, setFlavour] = useState<Flavour>('action')
  const [trigger, setTrigger] = useState('user.post-login')
  const [scriptTrigger, setScriptTrigger] = useState('')
  const triggers = useQuery(read('/triggers'))
  const chosen = flavour === 'action' ? trigger : scriptTrigger.trim()
  return (
    <QuickForm
      action={t.createAction}
      onCancel={onClose}
      save={() =>
        answered(
          server.POST('/hooks', {
            body: {
              name: name.trim(),
              flavour,
              code: firstCode(flavour, chosen),
              triggers: [{ name: chosen }],
            },
          }),
        )
      }
      done={(hook) => t.created(hook.name)}
      afterwards={({ id }) => go(paths.hook(id))}
    >
      <TextInput
        label={t.name}
        required
        withAsterisk={false}
        data-autofocus
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <Radio.Group label={t.kind} value={flavour} onChange={(value) => setFlavour(value as Flavour)}>
        <Stack gap="xs" mt="xs">
          {Object.entries(t.flavours).map(([value, label]) => (
            <Radio key={value} value={value} label={label} description={t.flavourHints[value as Flavour]} />
          ))}
        </Stack>
      </Radio.Group>
      {flavour === 'action' ? (
        <NativeSelect
          label={t.trigger}
          description={t.triggerHint}
          value={trigger}
          onChange={(event) => setTrigger(event.currentTarget.value)}
          data={[
            ...(triggers.data?.items ?? [{ name: 'user.post-login' }]).map((each) => ({
              value: each.name,
              label: t.triggers[each.name] ?? each.name,
            })),
            {
              group: t.anyEvent,
              items: Object.entries(events.types).map(([value, label]) => ({ value, label })),
            },
          ]}
        />
      ) : (
        <TextInput
          label={t.trigger}
          description={t.scriptTriggerHint}
          required
          withAsterisk={false}
          value={scriptTrigger}
          onChange={(event) => setScriptTrigger(event.currentTarget.value)}
        />
      )}
    </QuickForm>
  )
}
