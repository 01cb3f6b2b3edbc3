import { createContext, type ReactNode, use, useMemo, useState } from 'react'

export const languages = { en: 'English', de: 'Deutsch' } as const
export type Language = keyof typeof languages

/** What a page says, in each language; the German has every text that the English has, or does not compile. */
export type Catalogue<Texts> = Readonly<Record<Language, Texts>>

export const catalogue = <Texts,>(en: Texts, de: NoInfer<Texts>): Catalogue<Texts> => ({ en, de })

const LanguageContext = createContext<{ language: Language; choose: (language: Language) => void }>({
  language: 'en',
  choose: () => {},
})

const storageKey = 'rolecall-language'

const preferred = (): Language => {
  const kept = localStorage.getItem(storageKey)
  if (kept === 'en' || kept === 'de') return kept
  return navigator.language.startsWith('de') ? 'de' : 'en'
}

export const LanguageProvider = ({ children }: { children: ReactNode }) => {
  const [language, setLanguage] = useState(preferred)
  document.documentElement.lang = language
  const value = useMemo(
    () => ({
      language,
      choose: (chosen: Language) => {
        localStorage.setItem(storageKey, chosen)
        setLanguage(chosen)
      },
    }),
    [language],
  )
  return <LanguageContext value={value}>{children}</LanguageContext>
}

export const useLanguage = () => use(LanguageContext)

export const useText = <Texts,>(texts: Catalogue<Texts>): Texts => texts[use(LanguageContext).language]
