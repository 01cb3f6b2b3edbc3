import { Menu } from '@mantine/core'
import { IconBan, IconCircleCheck, IconEye, IconRoute, IconShieldPlus, IconTrash } from '@tabler/icons-react'
import { type ReactElement, useState } from 'react'
import { useChange } from '../../change.tsx'
import { useGo } from '../../link.tsx'
import { nameOf } from '../../names.ts'
import { explainPath, paths } from '../../paths.ts'
import { answered, server, type User } from '../../server.ts'
import { useSession } from '../../session.tsx'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { usersText } from '../../text/users.ts'
import { Confirm } from '../../ui/confirm.tsx'
import { useOpening } from '../../ui/menu-button.tsx'

export type UserActionsProps = {
  user: Pick<User, 'id' | 'name' | 'username' | 'email' | 'isBlocked'>
  onAssign: () => void
  afterDelete?: () => void
}

/** The opened menu of one user, and what it asks before it does something. */
export const UserActions = ({
  user,
  onAssign,
  afterDelete,
  button,
}: UserActionsProps & { button: ReactElement }) => {
  const t = useText(usersText)
  const opening = useOpening()
  const shell = useText(shellText)
  const { may } = useSession()
  const go = useGo()
  const [asks, setAsks] = useState<'block' | 'delete'>()
  const name = nameOf(user)
  const patch = (isBlocked: boolean) =>
    answered(server.PATCH('/users/{id}', { params: { path: { id: user.id } }, body: { isBlocked } }))
  const block = useChange(patch, {
    done: (_user, isBlocked) => (isBlocked ? t.blockDone(name) : t.unblockDone(name)),
    undo: (_user, isBlocked) => () => patch(!isBlocked),
  })
  const remove = useChange(
    () => answered(server.DELETE('/users/{id}', { params: { path: { id: user.id } } })),
    { done: () => t.deleteDone(name), afterwards: () => afterDelete?.() },
  )
  return (
    <>
      <Menu width={200} {...opening}>
        <Menu.Target>{button}</Menu.Target>
        <Menu.Dropdown>
          <Menu.Item leftSection={<IconEye size={16} />} onClick={() => go(paths.user(user.id))}>
            {t.menu.view}
          </Menu.Item>
          {may('roles:assign') && (
            <Menu.Item leftSection={<IconShieldPlus size={16} />} onClick={onAssign}>
              {t.menu.assignRoles}
            </Menu.Item>
          )}
          {may('decisions:read') && (
            <Menu.Item
              leftSection={<IconRoute size={16} />}
              onClick={() => go(explainPath({ userId: user.id }))}
            >
              {t.menu.explain}
            </Menu.Item>
          )}
          {may('users:update') &&
            (user.isBlocked ? (
              <Menu.Item leftSection={<IconCircleCheck size={16} />} onClick={() => block.mutate(false)}>
                {t.menu.unblock}
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<IconBan size={16} />} onClick={() => setAsks('block')}>
                {t.menu.block}
              </Menu.Item>
            ))}
          {may('users:delete') && (
            <>
              <Menu.Divider />
              <Menu.Item
                leftSection={<IconTrash size={16} />}
                color="var(--mantine-color-error)"
                onClick={() => setAsks('delete')}
              >
                {t.menu.delete}
              </Menu.Item>
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <Confirm
        isOpen={asks === 'block'}
        title={t.blockTitle(name)}
        action={t.menu.block}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setAsks(undefined)}
        onConfirm={() => {
          setAsks(undefined)
          block.mutate(true)
        }}
      >
        {t.blockText(name)}
      </Confirm>
      <Confirm
        isOpen={asks === 'delete'}
        title={t.deleteTitle(name)}
        action={t.menu.delete}
        cancel={shell.cancel}
        isDangerous
        onClose={() => setAsks(undefined)}
        onConfirm={() => {
          setAsks(undefined)
          remove.mutate()
        }}
      >
        {t.deleteText(name)}
      </Confirm>
    </>
  )
}
