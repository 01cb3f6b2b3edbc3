import {
  type Announcements,
  closestCenter,
  DndContext,
  type DragEndEvent,
  KeyboardSensor,
  PointerSensor,
  useDraggable,
  useDroppable,
  useSensor,
  useSensors,
} from '@dnd-kit/core'
import {
  arrayMove,
  SortableContext,
  sortableKeyboardCoordinates,
  useSortable,
  verticalListSortingStrategy,
} from '@dnd-kit/sortable'
import { ActionIcon, Badge, Button, Group, SimpleGrid, Stack, Text } from '@mantine/core'
import { IconArrowDown, IconArrowUp, IconGripVertical, IconPlus, IconX } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Fragment, type ReactNode, useState } from 'react'
import { useChange } from '../../change.tsx'
import { PageLink } from '../../link.tsx'
import { paths } from '../../paths.ts'
import { answered, type Item, read, server } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { Fault } from '../../shell/faults.tsx'
import { hooksText } from '../../text/hooks.ts'
import { useText } from '../../text/language.tsx'
import { Section } from '../../ui/page.tsx'

/** A hook in the flow, or one that could come into it. */
type Step = { hookId: string; name: string; displayName?: string }

type FlowProps = {
  trigger: string
  title: string
  note: string | undefined
  before: readonly Item<'/triggers/{trigger}/bindings'>[]
  /** The version of the list that was read. */
  etag: string
}

const dropZone = 'flow'

const stepsOf = (bindings: FlowProps['before']): Step[] =>
  bindings.map(({ hookId, hookName, displayName }) => ({
    hookId,
    name: hookName ?? displayName,
    displayName,
  }))

/** The order is changed here and counts once it is applied. */
const Flow = ({ trigger, title, note, before, etag }: FlowProps) => {
  const t = useText(hooksText)
  const { may } = useSession()
  const isFixed = !may('hooks:update')
  const [steps, setSteps] = useState(() => stepsOf(before))
  const hooks = useQuery(read('/hooks', { params: { query: { limit: 200, trigger, order: 'name' } } }))
  const inFlow = new Set(steps.map(({ hookId }) => hookId))
  const available = (hooks.data?.items ?? [])
    .filter(({ id, deployedVersion }) => deployedVersion && !inFlow.has(id))
    .map(({ id, name }): Step => ({ hookId: id, name }))
  const isChanged = steps.map(({ hookId }) => hookId).join() !== before.map(({ hookId }) => hookId).join()
  const write = async (list: readonly Step[], ifMatch: string) => {
    const call = server.PUT('/triggers/{trigger}/bindings', {
      params: { path: { trigger }, header: { 'if-match': ifMatch } },
      body: {
        bindings: list.map(({ hookId, displayName }) => ({ hookId, ...(displayName && { displayName }) })),
      },
    })
    await answered(call)
    return (await call).response.headers.get('etag') ?? '""'
  }
  const apply = useChange(() => write(steps, etag), {
    refusal: 'inline',
    done: () => t.flowSaved,
    undo: (applied) => () => write(stepsOf(before), applied),
  })
  const move = (from: number, to: number) => setSteps((list) => arrayMove(list, from, to))
  const insert = (step: Step, at: number) => setSteps((list) => list.toSpliced(at, 0, step))
  const drag = useDragging({ steps, available, move, insert })
  return (
    <DndContext {...drag}>
      <SimpleGrid cols={{ base: 1, md: 2 }}>
        <Section
          title={t.flow(title)}
          lead={
            <>
              {t.flowLead} {note && <Badge color="gray">{note}</Badge>}
            </>
          }
        >
          <Stack gap={0}>
            <span className="flow-end">{t.flowStart}</span>
            <DropZone>
              {steps.length === 0 && (
                <>
                  <div className="flow-line" aria-hidden />
                  <Text size="sm" c="dimmed" ta="center" py="md">
                    {t.flowEmpty}
                  </Text>
                </>
              )}
              <SortableContext
                items={steps.map(({ hookId }) => hookId)}
                strategy={verticalListSortingStrategy}
                disabled={isFixed}
              >
                <ol aria-label={t.flow(title)} style={{ listStyle: 'none', margin: 0, padding: 0 }}>
                  {steps.map((step, place) => (
                    <Fragment key={step.hookId}>
                      <SortableStep step={step} isFixed={isFixed}>
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          disabled={place === 0}
                          aria-label={t.moveUp(step.name)}
                          onClick={() => move(place, place - 1)}
                        >
                          <IconArrowUp size={16} />
                        </ActionIcon>
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          disabled={place === steps.length - 1}
                          aria-label={t.moveDown(step.name)}
                          onClick={() => move(place, place + 1)}
                        >
                          <IconArrowDown size={16} />
                        </ActionIcon>
                        <ActionIcon
                          variant="subtle"
                          color="gray"
                          aria-label={t.takeOf(step.name)}
                          onClick={() => setSteps((list) => list.filter((each) => each !== step))}
                        >
                          <IconX size={16} />
                        </ActionIcon>
                      </SortableStep>
                    </Fragment>
                  ))}
                </ol>
              </SortableContext>
            </DropZone>
            <div className="flow-line" aria-hidden />
            <span className="flow-end">{t.flowEnd}</span>
          </Stack>
          <Stack mt="md">
            <Fault error={apply.error} />
            {!isFixed && (
              <Group justify="flex-end">
                <Button variant="default" disabled={!isChanged} onClick={() => setSteps(stepsOf(before))}>
                  {t.discard}
                </Button>
                <Button disabled={!isChanged} loading={apply.isPending} onClick={() => apply.mutate()}>
                  {t.apply}
                </Button>
              </Group>
            )}
          </Stack>
        </Section>
        <Section title={t.available} lead={t.availableLead}>
          <Fault error={hooks.error} onRetry={() => void hooks.refetch()} />
          <Stack gap="xs">
            {hooks.data && available.length === 0 && (
              <Text size="sm" c="dimmed">
                {t.noneAvailable}
              </Text>
            )}
            {available.map((step) => (
              <AvailableStep key={step.hookId} step={step} isFixed={isFixed}>
                {!isFixed && (
                  <Button
                    size="compact-sm"
                    variant="light"
                    leftSection={<IconPlus size={14} />}
                    aria-label={t.addOf(step.name)}
                    onClick={() => insert(step, steps.length)}
                  >
                    {t.add}
                  </Button>
                )}
              </AvailableStep>
            ))}
          </Stack>
        </Section>
      </SimpleGrid>
    </DndContext>
  )
}

type Dragging = {
  steps: readonly Step[]
  available: readonly Step[]
  move: (from: number, to: number) => void
  insert: (step: Step, at: number) => void
}

/** By pointer and by keyboard, and said aloud in the reader's language. */
const useDragging = ({ steps, available, move, insert }: Dragging) => {
  const t = useText(hooksText)
  const sensors = useSensors(
    useSensor(PointerSensor, { activationConstraint: { distance: 4 } }),
    useSensor(KeyboardSensor, { coordinateGetter: sortableKeyboardCoordinates }),
  )
  const nameOf = (id: string | number) =>
    [...steps, ...available].find(({ hookId }) => hookId === id)?.name ?? ''
  const placeOf = (id: string | number) => {
    const place = steps.findIndex(({ hookId }) => hookId === id)
    return place === -1 ? steps.length : place
  }
  const announcements: Announcements = {
    onDragStart: ({ active }) => t.picked(nameOf(active.id)),
    onDragOver: ({ active, over }) => over && t.over(nameOf(active.id), placeOf(over.id) + 1),
    onDragEnd: ({ active, over }) =>
      over ? t.dropped(nameOf(active.id), placeOf(over.id) + 1) : t.dragCancelled(nameOf(active.id)),
    onDragCancel: ({ active }) => t.dragCancelled(nameOf(active.id)),
  } as Announcements
  const onDragEnd = ({ active, over }: DragEndEvent) => {
    if (!over) return
    const from = steps.findIndex(({ hookId }) => hookId === active.id)
    const added = available.find(({ hookId }) => hookId === active.id)
    if (from !== -1 && over.id !== dropZone) move(from, placeOf(over.id))
    else if (added) insert(added, placeOf(over.id))
  }
  return {
    sensors,
    collisionDetection: closestCenter,
    accessibility: { announcements, screenReaderInstructions: { draggable: t.dragHelp } },
    onDragEnd,
  }
}

const DropZone = ({ children }: { children: ReactNode }) => {
  const { setNodeRef, isOver } = useDroppable({ id: dropZone })
  return (
    <div ref={setNodeRef} className="flow-drop" data-over={isOver || undefined}>
      {children}
    </div>
  )
}

type StepProps = { step: Step; isFixed: boolean; children: ReactNode }

const SortableStep = ({ step, isFixed, children }: StepProps) => {
  const t = useText(hooksText)
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, transition, isDragging } =
    useSortable({ id: step.hookId })
  return (
    <li
      ref={setNodeRef}
      style={{
        transform: transform ? `translate3d(0, ${transform.y}px, 0)` : undefined,
        transition,
      }}
    >
      <div className="flow-line" aria-hidden />
      <div className="flow-step" data-dragging={isDragging || undefined}>
        {!isFixed && (
          <ActionIcon
            ref={setActivatorNodeRef}
            variant="subtle"
            color="gray"
            style={{ cursor: 'grab', touchAction: 'none' }}
            {...attributes}
            {...listeners}
            aria-label={t.moveOf(step.name)}
          >
            <IconGripVertical size={16} />
          </ActionIcon>
        )}
        <Text size="sm" component="div" className="truncate" flex={1}>
          <PageLink to={paths.hook(step.hookId)} quiet>
            {step.name}
          </PageLink>
        </Text>
        {!isFixed && children}
      </div>
    </li>
  )
}

const AvailableStep = ({ step, isFixed, children }: StepProps) => {
  const t = useText(hooksText)
  const { attributes, listeners, setNodeRef, setActivatorNodeRef, transform, isDragging } = useDraggable({
    id: step.hookId,
    disabled: isFixed,
  })
  return (
    <div
      ref={setNodeRef}
      className="flow-step"
      data-dragging={isDragging || undefined}
      style={{
        transform: transform ? `translate3d(${transform.x}px, ${transform.y}px, 0)` : undefined,
        position: 'relative',
        zIndex: isDragging ? 5 : undefined,
      }}
    >
      {!isFixed && (
        <ActionIcon
          ref={setActivatorNodeRef}
          variant="subtle"
          color="gray"
          style={{ cursor: 'grab', touchAction: 'none' }}
          {...attributes}
          {...listeners}
          aria-label={t.moveOf(step.name)}
        >
          <IconGripVertical size={16} />
        </ActionIcon>
      )}
      <Text size="sm" className="truncate" flex={1}>
        {step.name}
      </Text>
      {children}
    </div>
  )
}

export default Flow
