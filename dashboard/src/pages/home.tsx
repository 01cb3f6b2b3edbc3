import { Navigate } from '@tanstack/react-router'
import { paths } from '../paths.ts'
import { useSession } from '../session.tsx'

/** The first page: the users for whoever manages them, for everybody else his own. */
export const Home = () => {
  const { may } = useSession()
  return <Navigate to={may('users:read') ? paths.users : paths.me} replace />
}
