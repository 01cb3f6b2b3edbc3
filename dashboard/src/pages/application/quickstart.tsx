import { applicationsText } from '../../text/applications.ts'
import { useText } from '../../text/language.tsx'
import { shellText } from '../../text/shell.ts'
import { Snippet } from '../../ui/copy.tsx'
import { Section } from '../../ui/page.tsx'
import type { ApplicationTabProps } from '../application.tsx'

/** Working snippets for this very application on this very server. */
export const Quickstart = ({ application: { id, kind } }: ApplicationTabProps) => {
  const t = useText(applicationsText).snippets
  const shell = useText(shellText)
  const { origin, host } = location
  const machine = [
    {
      title: t.token,
      code: `curl ${origin}/oauth/token -H 'content-type: application/json' -d '{
  "grant_type": "client_credentials",
  "client_id": "${id}",
  "client_secret": "…",
  "audience": "${origin}/api/v2/"
}'`,
    },
    {
      title: t.sdk,
      code: `import { ManagementClient } from 'auth0'

const management = new ManagementClient({ domain: '${host}', clientId: '${id}', clientSecret })
await management.users.roles.assign('auth0|<user id>', { roles: ['<role id>'] })`,
    },
  ]
  const interactive = [
    {
      title: t.oidc,
      code: `issuer         ${origin}/
client id      ${id}
authorization  ${origin}/authorize
token          ${origin}/oauth/token
user info      ${origin}/userinfo
keys           ${origin}/.well-known/jwks.json`,
    },
    {
      title: t.sdk,
      code:
        kind === 'spa'
          ? `import { createAuth0Client } from '@auth0/auth0-spa-js'

const auth0 = await createAuth0Client({ domain: '${host}', clientId: '${id}' })
await auth0.loginWithRedirect({ authorizationParams: { redirect_uri: location.origin } })`
          : `import { auth } from 'express-openid-connect'

app.use(auth({ issuerBaseURL: '${origin}', clientID: '${id}', baseURL, secret }))`,
    },
  ]
  const decisions = [
    {
      title: t.native,
      code: `curl -H "authorization: Bearer $token" '${origin}/api/rolecall/v1/assignments?scope=application:${id}'`,
    },
    {
      title: t.authzen,
      code: `curl ${origin}/access/v1/evaluation -H "authorization: Bearer $token" -H 'content-type: application/json' -d '{
  "subject": { "type": "user", "id": "<user id>" },
  "action": { "name": "<permission>" },
  "resource": { "type": "<api>", "id": "application:${id}" }
}'`,
    },
  ]
  return (
    <>
      {[...(kind === 'non_interactive' ? machine : interactive), ...decisions].map(({ title, code }) => (
        <Section key={title} title={title}>
          <Snippet code={code} label={shell.copy} done={shell.copied} />
        </Section>
      ))}
    </>
  )
}
