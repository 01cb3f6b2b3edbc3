export type Json = string | number | boolean | null | Json[] | JsonObject
export type JsonObject = { [key: string]: Json }

/** What only one dialect knows and no rule needs, kept per dialect and echoed by it. */
export type Extensions = { auth0?: JsonObject; dreamfactory?: JsonObject; rocketchat?: JsonObject }
