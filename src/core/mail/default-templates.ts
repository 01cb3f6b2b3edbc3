import type { MailSource } from './mail.ts'

/**
 * What mails say until somebody writes his own. Each is a heading and paragraphs around a button for `link` and a box
 * for `code`, where the mail has them; every value of `data` and `secrets` is there by its name.
 */
type Draft = {
  subject: string
  heading: string
  before: readonly string[]
  action?: string
  after?: readonly string[]
}

export const languages = ['en', 'de'] as const
export type Language = (typeof languages)[number]

const hello = '{% if name != "" %}Hello {{ name }},{% else %}Hello,{% endif %}'
const hallo = '{% if name != "" %}Hallo {{ name }},{% else %}Guten Tag,{% endif %}'
const ignore = 'If you did not ask for this, ignore this mail: nothing has changed.'
const achtlos =
  'Falls Sie das nicht veranlasst haben, ignorieren Sie diese Mail: Es hat sich nichts geändert.'
const expires =
  '{% if minutes %}This is good for {{ minutes }} minutes.{% elsif hours %}This is good for {{ hours }} hours.{% elsif days %}This is good for {{ days }} days.{% endif %}'
const gilt =
  '{% if minutes %}Das gilt {{ minutes }} Minuten.{% elsif hours %}Das gilt {{ hours }} Stunden.{% elsif days %}Das gilt {{ days }} Tage.{% endif %}'

const drafts = {
  'verify-email': {
    en: {
      subject: 'Confirm your e-mail address for {{ friendly_name }}',
      heading: 'Confirm your e-mail address',
      before: [hello, 'Please confirm that {{ email }} is your address.'],
      action: 'Confirm address',
      after: [expires, ignore],
    },
    de: {
      subject: 'Bestätigen Sie Ihre E-Mail-Adresse für {{ friendly_name }}',
      heading: 'E-Mail-Adresse bestätigen',
      before: [hallo, 'bitte bestätigen Sie, dass {{ email }} Ihre Adresse ist.'],
      action: 'Adresse bestätigen',
      after: [gilt, achtlos],
    },
  },
  'reset-password': {
    en: {
      subject: 'Set a new password for {{ friendly_name }}',
      heading: 'Set a new password',
      before: [hello, 'Somebody, probably you, asked for a new password for {{ email }}.'],
      action: 'Set new password',
      after: [expires, ignore],
    },
    de: {
      subject: 'Neues Passwort für {{ friendly_name }}',
      heading: 'Neues Passwort setzen',
      before: [hallo, 'jemand, vermutlich Sie, hat ein neues Passwort für {{ email }} angefordert.'],
      action: 'Neues Passwort setzen',
      after: [gilt, achtlos],
    },
  },
  'password-changed': {
    en: {
      subject: 'Your password for {{ friendly_name }} was changed',
      heading: 'Your password was changed',
      before: [hello, 'The password of {{ email }} was changed, and every other session was ended.'],
      after: ['If that was not you, ask for a new password at once and tell your administrator.'],
    },
    de: {
      subject: 'Ihr Passwort für {{ friendly_name }} wurde geändert',
      heading: 'Ihr Passwort wurde geändert',
      before: [hallo, 'das Passwort von {{ email }} wurde geändert, alle anderen Sitzungen wurden beendet.'],
      after: [
        'Falls Sie das nicht waren, fordern Sie sofort ein neues an und verständigen Sie Ihre Administration.',
      ],
    },
  },
  'sign-in-code': {
    en: {
      subject: 'Your code for {{ application.name }}',
      heading: 'Your code to sign in',
      before: [hello, 'Use this to sign in to {{ application.name }}:'],
      action: 'Sign in',
      after: [
        expires,
        'Never tell it to anybody, whatever he says. If you are not signing in, ignore this mail.',
      ],
    },
    de: {
      subject: 'Ihr Code für {{ application.name }}',
      heading: 'Ihr Code zur Anmeldung',
      before: [hallo, 'damit melden Sie sich bei {{ application.name }} an:'],
      action: 'Anmelden',
      after: [
        gilt,
        'Geben Sie ihn niemandem weiter. Falls Sie sich nicht anmelden, ignorieren Sie diese Mail.',
      ],
    },
  },
  welcome: {
    en: {
      subject: 'Welcome to {{ friendly_name }}',
      heading: 'Welcome',
      before: [hello, 'Your account with the address {{ email }} is ready.'],
      action: 'Sign in',
    },
    de: {
      subject: 'Willkommen bei {{ friendly_name }}',
      heading: 'Willkommen',
      before: [hallo, 'Ihr Konto mit der Adresse {{ email }} ist bereit.'],
      action: 'Anmelden',
    },
  },
  invitation: {
    en: {
      subject:
        '{{ inviterName | default: friendly_name }} invites you to {{ organizationName | default: friendly_name }}',
      heading: 'You are invited',
      before: [
        '{{ inviterName | default: friendly_name }} invites you to {{ organizationName | default: friendly_name }}.',
        '{% if message %}{{ message }}{% endif %}',
      ],
      action: 'Accept invitation',
      after: [expires, 'If you know nothing of it, ignore this mail.'],
    },
    de: {
      subject:
        '{{ inviterName | default: friendly_name }} lädt Sie zu {{ organizationName | default: friendly_name }} ein',
      heading: 'Sie sind eingeladen',
      before: [
        '{{ inviterName | default: friendly_name }} lädt Sie zu {{ organizationName | default: friendly_name }} ein.',
        '{% if message %}{{ message }}{% endif %}',
      ],
      action: 'Einladung annehmen',
      after: [gilt, 'Falls Sie damit nichts anfangen können, ignorieren Sie diese Mail.'],
    },
  },
  'role-requested': {
    en: {
      subject: '{{ requesterName | default: requesterEmail }} asks for the role {{ roleName }}',
      heading: 'A role is asked for',
      before: [
        '{{ requesterName | default: requesterEmail }} asks for the role {{ roleName }}.',
        '{% if reason %}“{{ reason }}”{% endif %}',
      ],
      action: 'Decide',
    },
    de: {
      subject: '{{ requesterName | default: requesterEmail }} beantragt die Rolle {{ roleName }}',
      heading: 'Eine Rolle wurde beantragt',
      before: [
        '{{ requesterName | default: requesterEmail }} beantragt die Rolle {{ roleName }}.',
        '{% if reason %}„{{ reason }}“{% endif %}',
      ],
      action: 'Entscheiden',
    },
  },
  'role-request-decided': {
    en: {
      subject: 'Your request for the role {{ roleName }} was {{ decision }}',
      heading: 'Your request was {{ decision }}',
      before: [
        hello,
        'Your request for the role {{ roleName }} was {{ decision }}.',
        '{% if reason %}“{{ reason }}”{% endif %}',
      ],
      action: 'Your roles',
    },
    de: {
      subject: 'Ihr Antrag auf die Rolle {{ roleName }}',
      heading: 'Über Ihren Antrag wurde entschieden',
      before: [
        hallo,
        'Ihr Antrag auf die Rolle {{ roleName }} wurde {% if decision == "approved" %}angenommen{% else %}abgelehnt{% endif %}.',
        '{% if reason %}„{{ reason }}“{% endif %}',
      ],
      action: 'Ihre Rollen',
    },
  },
  'role-request-expired': {
    en: {
      subject: 'Your request for the role {{ roleName }} has expired',
      heading: 'Your request has expired',
      before: [
        hello,
        'Nobody decided on your request for the role {{ roleName }} in time. You can ask for it again.',
      ],
      action: 'Ask again',
    },
    de: {
      subject: 'Ihr Antrag auf die Rolle {{ roleName }} ist abgelaufen',
      heading: 'Ihr Antrag ist abgelaufen',
      before: [
        hallo,
        'über Ihren Antrag auf die Rolle {{ roleName }} wurde nicht rechtzeitig entschieden. Sie können sie erneut beantragen.',
      ],
      action: 'Erneut beantragen',
    },
  },
  'role-request-undecided': {
    en: {
      subject:
        'The request of {{ requesterName | default: requesterEmail }} for the role {{ roleName }} has expired',
      heading: 'A request has expired',
      before: [
        'Nobody decided in time whether {{ requesterName | default: requesterEmail }} gets the role {{ roleName }}.',
      ],
      action: 'Requests',
    },
    de: {
      subject:
        'Der Antrag von {{ requesterName | default: requesterEmail }} auf die Rolle {{ roleName }} ist abgelaufen',
      heading: 'Ein Antrag ist abgelaufen',
      before: [
        'Es wurde nicht rechtzeitig entschieden, ob {{ requesterName | default: requesterEmail }} die Rolle {{ roleName }} bekommt.',
      ],
      action: 'Anträge',
    },
  },
  'already-registered': {
    en: {
      subject: 'You have an account at {{ friendly_name }} already',
      heading: 'You have an account already',
      before: [
        hello,
        'Somebody, probably you, tried to register with {{ email }}, which has an account already. Sign in with it, or set a new password there.',
      ],
      after: [ignore],
    },
    de: {
      subject: 'Sie haben schon ein Konto bei {{ friendly_name }}',
      heading: 'Sie haben schon ein Konto',
      before: [
        hallo,
        'jemand, vermutlich Sie, wollte sich mit {{ email }} registrieren. Dafür gibt es schon ein Konto: Melden Sie sich damit an, oder setzen Sie dort ein neues Passwort.',
      ],
      after: [achtlos],
    },
  },
  'registration-awaiting-approval': {
    en: {
      subject: '{{ requesterName | default: requesterEmail }} waits for approval',
      heading: 'A registration waits for approval',
      before: ['{{ requesterName | default: requesterEmail }} has registered and waits to be let in.'],
      action: 'Decide',
    },
    de: {
      subject: '{{ requesterName | default: requesterEmail }} wartet auf Freigabe',
      heading: 'Eine Registrierung wartet auf Freigabe',
      before: ['{{ requesterName | default: requesterEmail }} hat sich registriert und wartet auf Freigabe.'],
      action: 'Entscheiden',
    },
  },
  test: {
    en: {
      subject: 'Mail from {{ friendly_name }} arrives',
      heading: 'Mail arrives',
      before: ['This is a test. The mail server takes what {{ friendly_name }} sends.'],
    },
    de: {
      subject: 'Mail von {{ friendly_name }} kommt an',
      heading: 'Mail kommt an',
      before: ['Das ist ein Test. Der Mailserver nimmt an, was {{ friendly_name }} sendet.'],
    },
  },
} as const satisfies Record<string, Record<Language, Draft>>

export type DefaultTemplateName = keyof typeof drafts

export const defaultTemplateNames = Object.keys(drafts) as DefaultTemplateName[]

/** The default in a language; undefined for a name or language that has none. */
export const defaultTemplate = (name: string, language: string): MailSource | undefined => {
  if (!Object.hasOwn(drafts, name)) return undefined
  const inLanguages = drafts[name as DefaultTemplateName] as Record<Language, Draft>
  return Object.hasOwn(inLanguages, language) ? compose(inLanguages[language as Language]) : undefined
}

const textStyle = 'margin:0 0 16px;font-size:16px;line-height:24px'
const buttonStyle =
  'display:inline-block;padding:12px 20px;border-radius:6px;background:#1b4dd8;color:#ffffff;font-size:16px;text-decoration:none'
const codeStyle = 'margin:0 0 16px;font:700 28px/36px monospace;letter-spacing:4px'

const compose = ({ subject, heading, before, action, after = [] }: Draft): MailSource => {
  const paragraph = (text: string) => `<p style="${textStyle}">${text}</p>`
  const html = [
    '<!doctype html>',
    '<html lang="{{ locale }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ friendly_name }}</title></head>',
    '<body style="margin:0;padding:24px;background:#ffffff;color:#1c1e21;font-family:system-ui,sans-serif">',
    '<div style="max-width:560px;margin:0 auto">',
    `<h1 style="margin:0 0 16px;font-size:22px;line-height:30px">${heading}</h1>`,
    ...before.map(paragraph),
    `{% if code %}<p style="${codeStyle}">{{ code }}</p>{% endif %}`,
    ...(action === undefined
      ? []
      : [
          `{% if link %}<p style="${textStyle}"><a href="{{ link }}" style="${buttonStyle}">${action}</a></p>`,
          `<p style="${textStyle};word-break:break-all">{{ link }}</p>{% endif %}`,
        ]),
    ...after.map(paragraph),
    '<p style="margin:24px 0 0;font-size:14px;line-height:20px;color:#5c6370">{{ friendly_name }}{% if support_email != "" %} · {{ support_email }}{% endif %}</p>',
    '</div></body></html>',
  ].join('\n')
  const text = [
    heading,
    ...before,
    '{% if code %}{{ code }}{% endif %}',
    ...(action === undefined ? [] : ['{% if link %}{{ link }}{% endif %}']),
    ...after,
    '-- \n{{ friendly_name }}{% if support_email != "" %}\n{{ support_email }}{% endif %}',
  ].join('\n\n')
  return { subject, html, text }
}
