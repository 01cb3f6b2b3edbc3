import type { ApplicationTabProps } from '../application.tsx'
import { Grants } from '../grants.tsx'

export const ApplicationGrants = ({ application: { id } }: ApplicationTabProps) => (
  <Grants applicationId={id} />
)
