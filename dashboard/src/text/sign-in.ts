import { catalogue } from './language.tsx'

export const signInText = catalogue(
  {
    title: 'Sign in to Rolecall',
    lead: 'Who is in which role, where, why and until when.',
    login: 'E-mail address or user name',
    password: 'Password',
    submit: 'Sign in',
    setUpTitle: 'Welcome to Rolecall',
    setUpLead: 'Name the first administrator. This link works once; whoever started the server has it.',
    email: 'E-mail address',
    username: 'User name',
    usernameHint: 'What the administrator may also sign in with.',
    passwordHint: 'Long and memorable beats short and strange.',
    create: 'Create the administrator',
    linkGone: 'This link was used already, or a newer one was printed',
    linkGoneWhy: 'Start the server again for a new one, or sign in if you are an administrator already.',
  },
  {
    title: 'Bei Rolecall anmelden',
    lead: 'Wer welche Rolle hat, wo, warum und bis wann.',
    login: 'E-Mail-Adresse oder Benutzername',
    password: 'Passwort',
    submit: 'Anmelden',
    setUpTitle: 'Willkommen bei Rolecall',
    setUpLead:
      'Benennen Sie den ersten Administrator. Der Link gilt einmal; wer den Server gestartet hat, hat ihn.',
    email: 'E-Mail-Adresse',
    username: 'Benutzername',
    usernameHint: 'Womit sich der Administrator auch anmelden kann.',
    passwordHint: 'Lang und einprägsam ist besser als kurz und seltsam.',
    create: 'Administrator anlegen',
    linkGone: 'Dieser Link wurde schon benutzt, oder es gibt einen neueren',
    linkGoneWhy: 'Starten Sie den Server neu für einen weiteren, oder melden Sie sich als Administrator an.',
  },
)
