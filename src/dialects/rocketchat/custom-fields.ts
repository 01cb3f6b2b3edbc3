import type { JsonObject } from '#core/json.ts'
import { refuse, thrown } from './errors.ts'
import type { Settings } from './settings.table.ts'

type Rule = {
  type?: string
  required?: boolean
  minLength?: number
  maxLength?: number
  options?: readonly string[]
  public?: boolean
}

const rulesOf = ({ Accounts_CustomFields: text }: Settings): Record<string, Rule> => {
  try {
    const value: unknown = text.trim() === '' ? {} : JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, Rule>)
      : {}
  } catch {
    return {}
  }
}

const fault = (text: string) => refuse(thrown('error-user-registration-custom-field', text))

/**
 * Custom fields as they are kept: plain values under plain names, and what the setting asks of them.
 * @see specs: §5.10 of the Rocket.Chat dialect
 * @throws WireError
 */
export const requireCustomFields = (fields: JsonObject, settings: Settings): JsonObject => {
  for (const [name, value] of Object.entries(fields)) {
    if (name.startsWith('$') || name.includes('.')) fault(`Field ${name} can not have this name`)
    const flat = [value].flat()
    if (flat.some((each) => typeof each === 'object' && each !== null))
      fault(`Invalid value for field ${name}`)
  }
  for (const [name, rule] of Object.entries(rulesOf(settings))) {
    const value = Object.hasOwn(fields, name) ? fields[name] : undefined
    const text = typeof value === 'string' ? value.trim() : ''
    if (text === '') {
      if (rule.required) fault(`Field ${name} is required`)
      continue
    }
    if (rule.type === 'select' && rule.options && !rule.options.includes(text)) {
      fault(`Value for field ${name} is invalid`)
    }
    if (rule.maxLength !== undefined && text.length > rule.maxLength) {
      fault(`Max length of field ${name} ${rule.maxLength}`)
    }
    if (rule.minLength !== undefined && text.length < rule.minLength) {
      fault(`Min length of field ${name} ${rule.minLength}`)
    }
  }
  return fields
}

/** Those of the fields that everybody may see. */
export const publicCustomFields = (fields: JsonObject, settings: Settings): JsonObject => {
  const rules = rulesOf(settings)
  return Object.fromEntries(
    Object.entries(fields).filter(([name]) => Object.hasOwn(rules, name) && rules[name]?.public === true),
  )
}
