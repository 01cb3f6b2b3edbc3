import type { Extensions, JsonObject } from '../json.ts'

/** A program that signs people in or calls APIs. Its id is its OAuth `client_id`. */
export type Application = {
  number: number
  id: string
  name: string
  description: string
  kind: 'native' | 'spa' | 'regular_web' | 'non_interactive' | (string & {})
  /** Sealed; only `applications:read-secrets` gets to see what is in it. */
  sealedSecret?: string
  isFirstParty: boolean
  isActive: boolean
  /** The one application that stands for all of them in the Auth0 dialect. */
  isGlobal: boolean
  grantTypes: readonly string[]
  tokenEndpointAuthMethod: 'none' | 'client_secret_post' | 'client_secret_basic' | (string & {})
  callbacks: readonly string[]
  allowedLogoutUrls: readonly string[]
  webOrigins: readonly string[]
  /** Sealed key of the DreamFactory dialect, and its digest to find the application by. */
  sealedApiKey?: string
  apiKeyDigest?: string
  /** The role that everybody has in this application who has no other there. */
  defaultRoleId?: string
  metadata: JsonObject
  createdAt: number
  updatedAt: number
  extensions: Extensions
}

/** What a secret is sealed for, so that it can't be moved to another application. */
export const secretContext = (applicationId: string): string => `secret of application ${applicationId}`
export const apiKeyContext = (applicationId: string): string => `API key of application ${applicationId}`

/** An application may ask for tokens of an API with these of its permissions. */
export type ClientGrant = {
  number: number
  id: string
  applicationId: string
  apiId: string
  permissions: readonly string[]
  /** All permissions, those added later included. */
  allowsAll: boolean
  /** Whether it holds for the application itself or for people who use it. */
  subjectType: 'client' | 'user'
  createdAt: number
  updatedAt: number
  extensions: Extensions
}
