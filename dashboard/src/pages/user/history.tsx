import { EventList } from '../event-list.tsx'
import type { UserTabProps } from '../user.tsx'

export const History = ({ user }: UserTabProps) => <EventList userId={user.id} />
