import { Box, Button, ColorInput, Group, SimpleGrid, Stack, Text, TextInput } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { type FormEvent, useState } from 'react'
import { useChange } from '../../change.tsx'
import { answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault, PageLoading } from '../../shell/faults.tsx'
import { useText } from '../../text/language.tsx'
import { settingsText } from '../../text/settings.ts'
import { shellText } from '../../text/shell.ts'
import { Section } from '../../ui/page.tsx'

const path = { name: 'branding' }
const fields = ['display_name', 'primary_color', 'logo_url'] as const
type Form = Record<(typeof fields)[number], string>

export const Branding = () => {
  const found = useQuery(read('/settings/{name}', { params: { path } }))
  if (found.error) return <Fault error={found.error} onRetry={() => void found.refetch()} />
  if (!found.data) return <PageLoading />
  const kept = found.data as Record<string, unknown>
  const before = Object.fromEntries(fields.map((field) => [field, String(kept[field] ?? '')])) as Form
  return <BrandingForm key={JSON.stringify(before)} before={before} />
}

const BrandingForm = ({ before }: { before: Form }) => {
  const t = useText(settingsText)
  const shell = useText(shellText)
  const { may } = useSession()
  const isFixed = !may('settings:update')
  const [form, setForm] = useState(before)
  const set = (changes: Partial<Form>) => setForm((previous) => ({ ...previous, ...changes }))
  const write = (values: Form) =>
    answered(
      server.PATCH('/settings/{name}', {
        params: { path },
        body: Object.fromEntries(fields.map((field) => [field, values[field].trim() || null])),
      }),
    )
  const change = useChange(() => write(form), {
    refusal: 'inline',
    done: () => shell.saved,
    undo: () => () => write(before),
  })
  const submit = (event: FormEvent) => {
    event.preventDefault()
    change.mutate()
  }
  const name = form.display_name.trim() || 'Rolecall'
  const color = /^#[0-9a-f]{6}$/iu.test(form.primary_color) ? form.primary_color : '#3b5bdb'
  return (
    <SimpleGrid cols={{ base: 1, md: 2 }}>
      <Section title={t.branding} lead={t.brandingLead}>
        <form onSubmit={submit}>
          <Stack>
            <TextInput
              label={t.brandName}
              placeholder="Rolecall"
              disabled={isFixed}
              value={form.display_name}
              onChange={(event) => set({ display_name: event.currentTarget.value })}
            />
            <ColorInput
              label={t.brandColor}
              placeholder="#3b5bdb"
              format="hex"
              withEyeDropper={false}
              disabled={isFixed}
              value={form.primary_color}
              onChange={(value) => set({ primary_color: value })}
            />
            <TextInput
              label={t.brandLogo}
              placeholder="https://…"
              disabled={isFixed}
              value={form.logo_url}
              onChange={(event) => set({ logo_url: event.currentTarget.value })}
            />
            <Fault error={change.error} />
            {!isFixed && (
              <Group justify="flex-end">
                <Button type="submit" loading={change.isPending}>
                  {shell.save}
                </Button>
              </Group>
            )}
          </Stack>
        </form>
      </Section>
      <Section title={t.preview}>
        <Box p="xl" style={{ background: 'var(--rolecall-canvas)', borderRadius: 12 }} aria-hidden>
          <Box p="xl" className="card" maw={340} mx="auto">
            <Stack ta="center">
              <Text fw={650} fz="lg">
                {t.previewTitle(name)}
              </Text>
              <Box h={36} className="card" />
              <Box h={36} className="card" />
              <Box
                py={8}
                fw={600}
                fz="sm"
                style={{ background: color, color: inkOn(color), borderRadius: 8 }}
              >
                {t.previewButton}
              </Box>
            </Stack>
          </Box>
        </Box>
      </Section>
    </SimpleGrid>
  )
}

/** Black or white, whichever is read better on the colour. @see WCAG 2.2, relative luminance */
const inkOn = (color: string): string => {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5]
    .map((at) => Number.parseInt(color.slice(at, at + 2), 16) / 255)
    .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue > 0.18 ? '#000' : '#fff'
}
