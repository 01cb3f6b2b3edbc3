import { autocompletion } from '@codemirror/autocomplete'
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript'
import { EditorView } from '@codemirror/view'
import { useComputedColorScheme } from '@mantine/core'
import CodeMirror, { Prec } from '@uiw/react-codemirror'
import { useMemo } from 'react'
import { completionsFrom } from './completion.ts'

type CodeEditorProps = {
  label: string
  value: string
  isFixed?: boolean
  /** TypeScript that says what the script finds. */
  declarations?: string
  height?: string
  onChange: (value: string) => void
}

// Styles that are made at run time must carry the page's own.
const nonce = document.querySelector<HTMLMetaElement>('meta[property=csp-nonce]')?.nonce ?? ''

// Before the theme, whose own ground in the dark is too light for the colours on it.
const looks = Prec.highest(
  EditorView.theme({
    '&': { fontSize: '13px', backgroundColor: 'transparent' },
    '.cm-scroller': { fontFamily: 'var(--mantine-font-family-monospace)', lineHeight: '1.6' },
    '.cm-gutters': { backgroundColor: 'transparent', border: '0' },
  }),
)

/** CodeMirror for JavaScript. Tab leaves it, so that the keyboard is not caught. */
const CodeEditor = ({
  label,
  value,
  isFixed,
  declarations = '',
  height = '420px',
  onChange,
}: CodeEditorProps) => {
  const scheme = useComputedColorScheme('light')
  const extensions = useMemo(
    () => [
      javascript(),
      autocompletion(),
      javascriptLanguage.data.of({ autocomplete: completionsFrom(declarations) }),
      // The keyboard reaches code that may only be read, too.
      EditorView.contentAttributes.of({ 'aria-label': label, tabindex: '0' }),
      EditorView.cspNonce.of(nonce),
      looks,
    ],
    [label, declarations],
  )
  return (
    <CodeMirror
      value={value}
      height={height}
      theme={scheme}
      editable={!isFixed}
      indentWithTab={false}
      basicSetup={{ autocompletion: false }}
      extensions={extensions}
      onChange={onChange}
    />
  )
}

export default CodeEditor
