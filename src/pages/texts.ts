import type { Brand } from './brand.ts'
import { german } from './german.ts'

/** Every text of the pages. `{…}` stands for what a page puts in. */
export const english = {
  signIn: 'Sign in',
  signInTo: 'to continue to {application}',
  emailOrUsername: 'E-mail or user name',
  email: 'E-mail',
  username: 'User name',
  password: 'Password',
  newPassword: 'New password',
  repeatPassword: 'Repeat the password',
  name: 'Name',
  optional: '(optional)',
  continue: 'Continue',
  cancel: 'Cancel',
  back: 'Back',
  or: 'or',
  forgotPassword: 'Forgot your password?',
  noAccount: 'No account yet?',
  signUp: 'Sign up',
  signUpTitle: 'Create your account',
  haveAccount: 'Have an account already?',
  chooseRole: 'What do you want to be here?',
  chooseNoRole: 'Nothing in particular',
  roleNeedsApproval: 'Somebody has to agree first',
  passwordHint: 'The longer, the better: several words are easy to remember.',
  wrongCredentials: 'The e-mail address, user name or password is wrong.',
  tooManyAttempts: 'Too many attempts failed. Try again in {minutes} minutes.',
  blocked: 'This account is blocked. Ask whoever runs this site.',
  confirmFirst: 'Confirm your e-mail address first: follow the link that we sent you.',
  awaitingApproval: 'Somebody still has to let you in. You will get an e-mail.',
  denied: 'You can not sign in here.',
  busy: 'The server is busy. Try again in a moment.',
  fillIn: 'Fill in all the fields.',
  registrationClosed: 'Nobody can sign up here by himself.',
  registrationByInvitation: 'You need an invitation to sign up here.',
  domainRefused: 'Addresses of {domain} are not accepted here.',
  roleRefused: 'You can not choose “{role}”.',
  taken: 'There is an account with this e-mail address or user name already, or it can not be used.',
  passwordUsedBefore: 'You have used this password before. Choose another.',
  weakPassword: 'Choose a stronger password: longer, with upper and lower case letters and digits.',
  invalidEmail: 'This is no e-mail address.',
  invalidField: 'This can not be used: {reason}',
  passwordsDiffer: 'The passwords are not the same.',
  checkMailTitle: 'Check your mail',
  checkMailConfirm: 'We sent a link to {email}. Follow it to confirm your address; then you can sign in.',
  checkMailReset:
    'If there is an account for {email}, we sent a link there with which you can choose a new password.',
  checkMailApproval: 'Your account was made. Somebody has to let you in first; you will get an e-mail.',
  roleRequested: 'Your wish for a role was passed on. You will get an e-mail.',
  forgotTitle: 'Forgot your password?',
  forgotLead: 'We send you a link with which you can choose a new one.',
  sendLink: 'Send the link',
  resetTitle: 'Choose a new password',
  savePassword: 'Save the password',
  resetDoneTitle: 'Your password was changed',
  resetDone: 'You can sign in with it now. All other browsers were signed out.',
  verifyTitle: 'Confirm your e-mail address',
  verifyLead: 'One more click, and we know that this address is yours.',
  verify: 'Confirm it',
  verifiedTitle: 'Your address is confirmed',
  verified: 'Thank you. You can close this page, or sign in.',
  linkInvalidTitle: 'This link does not work',
  linkInvalid: 'It was used already, is too old, or was cut off. Ask for a new one.',
  secondFactorTitle: 'Prove it is you',
  totpLead: 'Type the code that your authenticator app shows.',
  recoveryLead: 'Type one of the recovery codes that you kept.',
  code: 'Code',
  recoveryCode: 'Recovery code',
  useRecovery: 'Use a recovery code',
  useTotp: 'Use the authenticator app',
  usePasskey: 'Use a passkey',
  passkeyNeedsScript: 'Passkeys need JavaScript, which this browser does not run.',
  passkeyFailed: 'That did not work. Try again, or sign in another way.',
  enrolTitle: 'Set up a second factor',
  enrolLead: 'Your role asks for one. Scan this with an authenticator app, then type the code that it shows.',
  enrolImage: 'QR code for your authenticator app',
  enrolByHand: 'Or type this into the app:',
  recoveryCodesTitle: 'Keep these codes',
  recoveryCodesLead: 'Each lets you in once, should you lose the app. They are never shown again.',
  recoveryCodesKept: 'I have kept them',
  wrongCode: 'This code is wrong or was used already.',
  byEmailCode: 'Sign in with a code by e-mail',
  emailCodeTitle: 'Sign in without a password',
  emailCodeLead: 'We send you a code that is good for a few minutes.',
  sendCode: 'Send the code',
  emailCodeSent: 'If there is an account for {email}, we sent a code there.',
  consentTitle: 'Let {application} in?',
  consentLead: '{application} would like to:',
  consentAccept: 'Allow',
  consentDeny: 'Do not allow',
  scopeOpenid: 'know who you are here',
  scopeProfile: 'see your name and picture',
  scopeEmail: 'see your e-mail address',
  scopePhone: 'see your telephone number',
  scopeAddress: 'see your postal address',
  scopeOffline: 'do so while you are not here',
  signedInAs: 'Signed in as {user}.',
  notYou: 'Not you?',
  invitationTitle: '{inviter} invites you',
  invitationTitlePlain: 'You are invited',
  invitationLead: 'Join {organization} as {email}.',
  invitationLeadPlain: 'Join as {email}.',
  invitationExisting: 'I have an account',
  invitationNew: 'Create an account',
  accept: 'Accept the invitation',
  invitationDone: 'Welcome! The invitation is accepted.',
  deviceTitle: 'Connect a device',
  deviceLead: 'Type the code that your device shows.',
  deviceWrongCode: 'There is no such code, or it is too old.',
  deviceAborted: 'The device was not connected.',
  deviceConfirmTitle: 'Is this the code on your device?',
  deviceConfirmLead: '{application} asks to be connected. Go on only if you started this yourself.',
  deviceDoneTitle: 'Your device is connected',
  deviceDone: 'You can close this page and go on there.',
  signOutTitle: 'Sign out?',
  signOutLead: 'You will be signed out of this browser.',
  signOut: 'Sign out',
  staySignedIn: 'Stay signed in',
  signedOutTitle: 'You are signed out',
  signedOut: 'You can close this page.',
  errorTitle: 'Something is wrong',
  errorLead: 'This page was reached by a link or a form that does not work.',
  expired:
    'This page has been open for too long, or its cookies were refused. Go back to the application and start again.',
  technical: 'For whoever runs the application',
}

export type Texts = { readonly [Name in keyof typeof english]: string }
export type Language = 'en' | 'de'

const languages: Readonly<Record<Language, Texts>> = { en: english, de: german }

/** What the application asked for (`ui_locales`), then what the browser prefers, then what the brand speaks. */
export const chooseLanguage = (
  { language }: Pick<Brand, 'language'>,
  wanted: { uiLocales?: string | undefined; acceptLanguage?: string | undefined },
): Language => {
  const asked = [
    ...(wanted.uiLocales ?? '').split(/\s+/u),
    ...(wanted.acceptLanguage ?? '').split(',').map((each) => each.split(';', 1)[0]!.trim()),
  ]
  const known = asked.map((tag) => tag.toLowerCase().split('-', 1)[0]!).find(isLanguage)
  return known ?? (isLanguage(language) ? language : 'en')
}

const isLanguage = (text: string): text is Language => text === 'en' || text === 'de'

export const textsFor = (language: Language, { texts }: Pick<Brand, 'texts'>): Texts => ({
  ...languages[language],
  ...Object.fromEntries(Object.entries(texts[language] ?? {}).filter(([name]) => name in english)),
})

/** Puts values into a text. */
export const fill = (text: string, values: Readonly<Record<string, string | number>>): string =>
  text.replaceAll(/\{(\w+)\}/gu, (whole, name: string) => String(values[name] ?? whole))
