import { catalogue } from './language.tsx'

export const meText = catalogue(
  {
    title: 'My account',
    lead: 'What is kept about you, which roles you hold and why, and where you are signed in.',
    roles: 'Your roles',
    rolesLead: 'In the whole workspace, those that others include too.',
    noRoles: 'You hold no roles yet.',
    permissions: 'What you may do',
    noPermissions: 'Nothing that needs a permission.',
    history: 'What happened to your account',
    member: 'Where you are a member',
    noMember: 'You are a member of no organization.',
  },
  {
    title: 'Mein Konto',
    lead: 'Was über Sie geführt wird, welche Rollen Sie haben und warum, und wo Sie angemeldet sind.',
    roles: 'Ihre Rollen',
    rolesLead: 'Im ganzen Arbeitsbereich, auch die durch andere eingeschlossenen.',
    noRoles: 'Sie haben noch keine Rollen.',
    permissions: 'Was Sie dürfen',
    noPermissions: 'Nichts, das eine Berechtigung braucht.',
    history: 'Was mit Ihrem Konto geschah',
    member: 'Wo Sie Mitglied sind',
    noMember: 'Sie sind in keiner Organisation Mitglied.',
  },
)
