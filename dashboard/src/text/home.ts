import { catalogue } from './language.tsx'

export const homeText = catalogue(
  {
    title: (name: string) => `Hello, ${name}`,
    lead: 'What is here, what happens, and what to do next.',
    users: 'Users',
    roles: 'Roles',
    applications: 'Applications',
    organizations: 'Organizations',
    steps: 'First steps',
    stepsLead: 'From an empty workspace to the first person who signs in with a role.',
    step: {
      policy: ['Choose how people register', 'Open, by invitation, with approval; with the roles they get.'],
      role: ['Create a role', 'And say what its holders may do in your APIs.'],
      application: ['Create an application', 'And copy the snippets that make it work.'],
      people: ['Invite people', 'With the roles they should have from the first moment.'],
    } as Record<string, [string, string]>,
    done: 'Done',
    recent: 'What just happened',
  },
  {
    title: (name) => `Hallo, ${name}`,
    lead: 'Was hier ist, was geschieht und was als Nächstes zu tun ist.',
    users: 'Benutzer',
    roles: 'Rollen',
    applications: 'Anwendungen',
    organizations: 'Organisationen',
    steps: 'Erste Schritte',
    stepsLead: 'Vom leeren Arbeitsbereich bis zum Ersten, der sich mit einer Rolle anmeldet.',
    step: {
      policy: [
        'Festlegen, wie man sich registriert',
        'Offen, mit Einladung oder Genehmigung; mit den Rollen dazu.',
      ],
      role: ['Eine Rolle anlegen', 'Und sagen, was ihre Inhaber in Ihren APIs dürfen.'],
      application: ['Eine Anwendung anlegen', 'Und die Zeilen kopieren, mit denen sie läuft.'],
      people: ['Menschen einladen', 'Mit den Rollen, die sie vom ersten Moment an haben sollen.'],
    },
    done: 'Erledigt',
    recent: 'Was gerade geschah',
  },
)
