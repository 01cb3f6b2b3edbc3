import { Box, Button, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { lazy, Suspense } from 'react'
import { useChange } from '../../change.tsx'
import { answered, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { Section } from '../../ui/page.tsx'
import type { HookTabProps } from '../hook.tsx'
import { Modules } from './modules.tsx'
import { Secrets } from './secrets.tsx'

const CodeEditor = lazy(() => import('./code-editor.tsx'))

/** The code of a hook, and what it finds when it runs. */
export const Code = ({ hook, code, onCode }: HookTabProps) => {
  const t = useText(hooksText)
  const { may } = useSession()
  const isFixed = !may('hooks:update')
  const types = useQuery({ ...read('/hooks/types'), staleTime: Number.POSITIVE_INFINITY })
  const isChanged = code !== hook.code
  const save = useChange(
    (body: string) =>
      answered(server.PATCH('/hooks/{id}', { params: { path: { id: hook.id } }, body: { code: body } })),
    {
      refusal: 'inline',
      done: () => t.saved,
      undo: () => () =>
        answered(
          server.PATCH('/hooks/{id}', { params: { path: { id: hook.id } }, body: { code: hook.code } }),
        ),
    },
  )
  return (
    <Stack>
      <Section
        flush
        title={t.code}
        actions={
          !isFixed && (
            <>
              <Text size="sm" c="dimmed" aria-live="polite">
                {isChanged && t.unsaved}
              </Text>
              <Button
                size="xs"
                variant="default"
                disabled={!isChanged}
                loading={save.isPending}
                onClick={() => save.mutate(code)}
              >
                {t.saveDraft}
              </Button>
            </>
          )
        }
      >
        <Suspense fallback={<Skeleton h={420} />}>
          <CodeEditor
            label={t.code}
            value={code}
            isFixed={isFixed}
            declarations={types.data?.[hook.flavour] ?? ''}
            onChange={onCode}
          />
        </Suspense>
        {save.error && (
          <Box p="md">
            <Fault error={save.error} />
          </Box>
        )}
      </Section>
      <SimpleGrid cols={{ base: 1, lg: 2 }}>
        <Secrets hook={hook} isFixed={isFixed} />
        <Modules hook={hook} isFixed={isFixed} />
      </SimpleGrid>
    </Stack>
  )
}
