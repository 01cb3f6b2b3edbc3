/** Every route of the native API, as `openapi-fetch` takes it. Written by `npm run generate`; never edited. */
export interface paths {
  "/.well-known/authzen-configuration": {
    /** Where decisions are asked for */
    get: {
      parameters: {};
      responses: {
        200: { content: { "application/json": Record<string, string> } };
      };
    };
  };
  "/access/v1/evaluation": {
    /** May a user do something there? */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            subject: {
              /**
               * `user`.
               * @maxLength 1000
               */
              type: string;
              /**
               * The id of the user, as it is here or as tokens name him.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            action: {
              /**
               * The name of a permission.
               * @maxLength 1000
               */
              name: string;
              properties?: Record<string, unknown>;
            };
            resource: {
              /**
               * The identifier or the id of the API that the permission is of.
               * @maxLength 1000
               */
              type: string;
              /**
               * A scope: `workspace`, which `*` is too, `application:<id>`, `organization:<id>`, `room:<id>`.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            /** `scope` says where, for callers whose resource ids are their own. */
            context?: Record<string, unknown>;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              decision: boolean;
              context?: {
                reason: string;
              };
            };
          };
        };
      };
    };
  };
  "/access/v1/evaluations": {
    /** Several such questions at once */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            subject?: {
              /**
               * `user`.
               * @maxLength 1000
               */
              type: string;
              /**
               * The id of the user, as it is here or as tokens name him.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            action?: {
              /**
               * The name of a permission.
               * @maxLength 1000
               */
              name: string;
              properties?: Record<string, unknown>;
            };
            resource?: {
              /**
               * The identifier or the id of the API that the permission is of.
               * @maxLength 1000
               */
              type: string;
              /**
               * A scope: `workspace`, which `*` is too, `application:<id>`, `organization:<id>`, `room:<id>`.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            /** `scope` says where, for callers whose resource ids are their own. */
            context?: Record<string, unknown>;
            /**
             * What one leaves out is taken from above.
             * @maxItems 500
             */
            evaluations?: {
              subject?: {
                /**
                 * `user`.
                 * @maxLength 1000
                 */
                type: string;
                /**
                 * The id of the user, as it is here or as tokens name him.
                 * @maxLength 1000
                 */
                id: string;
                properties?: Record<string, unknown>;
              };
              action?: {
                /**
                 * The name of a permission.
                 * @maxLength 1000
                 */
                name: string;
                properties?: Record<string, unknown>;
              };
              resource?: {
                /**
                 * The identifier or the id of the API that the permission is of.
                 * @maxLength 1000
                 */
                type: string;
                /**
                 * A scope: `workspace`, which `*` is too, `application:<id>`, `organization:<id>`, `room:<id>`.
                 * @maxLength 1000
                 */
                id: string;
                properties?: Record<string, unknown>;
              };
              /** `scope` says where, for callers whose resource ids are their own. */
              context?: Record<string, unknown>;
            }[];
            options?: {
              evaluations_semantic?:
                | "execute_all"
                | "deny_on_first_deny"
                | "permit_on_first_permit";
            };
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              decision?: boolean;
              context?: {
                reason: string;
              };
              evaluations?: {
                decision: boolean;
                context?: {
                  reason: string;
                };
              }[];
            };
          };
        };
      };
    };
  };
  "/access/v1/search/action": {
    /** What may a user do there? */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            subject: {
              /**
               * `user`.
               * @maxLength 1000
               */
              type: string;
              /**
               * The id of the user, as it is here or as tokens name him.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            resource: {
              /**
               * The identifier or the id of the API that the permission is of.
               * @maxLength 1000
               */
              type: string;
              /**
               * A scope: `workspace`, which `*` is too, `application:<id>`, `organization:<id>`, `room:<id>`.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            /** `scope` says where, for callers whose resource ids are their own. */
            context?: Record<string, unknown>;
            page?: {
              /** @maxLength 4000 */
              token?: string;
              /**
               * @min 0
               * @max 1000
               */
              limit?: number;
            };
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              page: {
                /** Empty when nothing follows. */
                next_token: string;
                count: number;
              };
              results: {
                name: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/access/v1/search/resource": {
    /** Where may a user do it? */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            subject: {
              /**
               * `user`.
               * @maxLength 1000
               */
              type: string;
              /**
               * The id of the user, as it is here or as tokens name him.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            action: {
              /**
               * The name of a permission.
               * @maxLength 1000
               */
              name: string;
              properties?: Record<string, unknown>;
            };
            resource: {
              /** @maxLength 1000 */
              type: string;
              /** @maxLength 1000 */
              id?: string;
              properties?: Record<string, unknown>;
            };
            /** `scope` says where, for callers whose resource ids are their own. */
            context?: Record<string, unknown>;
            page?: {
              /** @maxLength 4000 */
              token?: string;
              /**
               * @min 0
               * @max 1000
               */
              limit?: number;
            };
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              page: {
                /** Empty when nothing follows. */
                next_token: string;
                count: number;
              };
              results: {
                type: string;
                id: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/access/v1/search/subject": {
    /** Who may do it there? */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            subject: {
              /** @maxLength 1000 */
              type: string;
              /** @maxLength 1000 */
              id?: string;
              properties?: Record<string, unknown>;
            };
            action: {
              /**
               * The name of a permission.
               * @maxLength 1000
               */
              name: string;
              properties?: Record<string, unknown>;
            };
            resource: {
              /**
               * The identifier or the id of the API that the permission is of.
               * @maxLength 1000
               */
              type: string;
              /**
               * A scope: `workspace`, which `*` is too, `application:<id>`, `organization:<id>`, `room:<id>`.
               * @maxLength 1000
               */
              id: string;
              properties?: Record<string, unknown>;
            };
            /** `scope` says where, for callers whose resource ids are their own. */
            context?: Record<string, unknown>;
            page?: {
              /** @maxLength 4000 */
              token?: string;
              /**
               * @min 0
               * @max 1000
               */
              limit?: number;
            };
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              page: {
                /** Empty when nothing follows. */
                next_token: string;
                count: number;
              };
              results: {
                type: string;
                id: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/apis": {
    /** List APIs */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name or identifier.
           * @maxLength 200
           */
          search?: string;
          builtIn?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                identifier: string;
                /**
                 * @minLength 1
                 * @maxLength 600
                 */
                name: string;
                signingAlgorithm:
                  | "RS256"
                  | "RS512"
                  | "PS256"
                  | "ES256"
                  | "HS256";
                /**
                 * @min 0
                 * @max 2592000
                 */
                tokenLifetimeSeconds: number;
                /**
                 * @min 0
                 * @max 2592000
                 */
                webTokenLifetimeSeconds: number;
                allowsOfflineAccess: boolean;
                /** Whether tokens carry only the scopes that the permissions of their user cover. */
                enforcesPermissions?: boolean;
                tokenDialect?:
                  | "access_token"
                  | "access_token_authz"
                  | "rfc9068_profile"
                  | "rfc9068_profile_authz";
                isBuiltIn: boolean;
                permissions: {
                  name: string;
                  description: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create an API */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 600
             */
            name?: string;
            signingAlgorithm?: "RS256" | "RS512" | "PS256" | "ES256" | "HS256";
            /**
             * @min 0
             * @max 2592000
             */
            tokenLifetimeSeconds?: number;
            /**
             * @min 0
             * @max 2592000
             */
            webTokenLifetimeSeconds?: number;
            allowsOfflineAccess?: boolean;
            /** Whether tokens carry only the scopes that the permissions of their user cover. */
            enforcesPermissions?: boolean;
            tokenDialect?:
              | "access_token"
              | "access_token_authz"
              | "rfc9068_profile"
              | "rfc9068_profile_authz";
            /**
             * The `aud` of its tokens.
             * @minLength 1
             * @maxLength 600
             */
            identifier: string;
            /** @maxItems 1000 */
            permissions?: {
              /**
               * @minLength 1
               * @maxLength 280
               */
              name: string;
              /** @maxLength 1000 */
              description?: string;
            }[];
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              number: number;
              identifier: string;
              /**
               * @minLength 1
               * @maxLength 600
               */
              name: string;
              signingAlgorithm: "RS256" | "RS512" | "PS256" | "ES256" | "HS256";
              /**
               * @min 0
               * @max 2592000
               */
              tokenLifetimeSeconds: number;
              /**
               * @min 0
               * @max 2592000
               */
              webTokenLifetimeSeconds: number;
              allowsOfflineAccess: boolean;
              /** Whether tokens carry only the scopes that the permissions of their user cover. */
              enforcesPermissions?: boolean;
              tokenDialect?:
                | "access_token"
                | "access_token_authz"
                | "rfc9068_profile"
                | "rfc9068_profile_authz";
              isBuiltIn: boolean;
              permissions: {
                name: string;
                description: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/apis/{id}": {
    /** Read an API */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              identifier: string;
              /**
               * @minLength 1
               * @maxLength 600
               */
              name: string;
              signingAlgorithm: "RS256" | "RS512" | "PS256" | "ES256" | "HS256";
              /**
               * @min 0
               * @max 2592000
               */
              tokenLifetimeSeconds: number;
              /**
               * @min 0
               * @max 2592000
               */
              webTokenLifetimeSeconds: number;
              allowsOfflineAccess: boolean;
              /** Whether tokens carry only the scopes that the permissions of their user cover. */
              enforcesPermissions?: boolean;
              tokenDialect?:
                | "access_token"
                | "access_token_authz"
                | "rfc9068_profile"
                | "rfc9068_profile_authz";
              isBuiltIn: boolean;
              permissions: {
                name: string;
                description: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change an API */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 600
             */
            name?: string;
            signingAlgorithm?: "RS256" | "RS512" | "PS256" | "ES256" | "HS256";
            /**
             * @min 0
             * @max 2592000
             */
            tokenLifetimeSeconds?: number;
            /**
             * @min 0
             * @max 2592000
             */
            webTokenLifetimeSeconds?: number;
            allowsOfflineAccess?: boolean;
            /** Whether tokens carry only the scopes that the permissions of their user cover. */
            enforcesPermissions?: boolean | null;
            tokenDialect?:
              | "access_token"
              | "access_token_authz"
              | "rfc9068_profile"
              | "rfc9068_profile_authz"
              | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              identifier: string;
              /**
               * @minLength 1
               * @maxLength 600
               */
              name: string;
              signingAlgorithm: "RS256" | "RS512" | "PS256" | "ES256" | "HS256";
              /**
               * @min 0
               * @max 2592000
               */
              tokenLifetimeSeconds: number;
              /**
               * @min 0
               * @max 2592000
               */
              webTokenLifetimeSeconds: number;
              allowsOfflineAccess: boolean;
              /** Whether tokens carry only the scopes that the permissions of their user cover. */
              enforcesPermissions?: boolean;
              tokenDialect?:
                | "access_token"
                | "access_token_authz"
                | "rfc9068_profile"
                | "rfc9068_profile_authz";
              isBuiltIn: boolean;
              permissions: {
                name: string;
                description: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete an API with its permissions and client grants */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/apis/{id}/permissions": {
    /** List the permissions of an API */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name or description.
           * @maxLength 200
           */
          search?: string;
          /** The field to order by; with `-` in front descending. */
          order?: "name" | "-name";
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                apiId: string;
                name: string;
                description: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/apis/{id}/permissions/{name}": {
    /** Add a permission to an API, or describe it anew */
    put: {
      parameters: {
        path: { id: string; name: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /** @maxLength 1000 */
            description?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              apiId: string;
              name: string;
              description: string;
            };
          };
        };
      };
    };
    /** Take a permission from an API, and so from every role, user and client grant */
    delete: {
      parameters: {
        path: { id: string; name: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/applications": {
    /** List applications */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name.
           * @maxLength 200
           */
          search?: string;
          /** @maxLength 50 */
          kind?: string;
          active?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                /** Its OAuth `client_id` too. */
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 300
                 */
                name: string;
                /** @maxLength 1000 */
                description: string;
                /**
                 * `native`, `spa`, `regular_web` or `non_interactive`.
                 * @minLength 1
                 * @maxLength 50
                 */
                kind: string;
                isFirstParty: boolean;
                isActive: boolean;
                /** @maxItems 50 */
                grantTypes: string[];
                /**
                 * @minLength 1
                 * @maxLength 300
                 */
                tokenEndpointAuthMethod: string;
                /** @maxItems 1000 */
                callbacks: string[];
                /** @maxItems 1000 */
                allowedLogoutUrls: string[];
                /** @maxItems 1000 */
                webOrigins: string[];
                metadata: Record<string, unknown>;
                /** Stands for all applications in the Auth0 dialect. */
                isGlobal: boolean;
                defaultRoleId?: string;
                hasSecret: boolean;
                hasApiKey: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create an application */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            name: string;
            /** @maxLength 1000 */
            description?: string;
            /**
             * `native`, `spa`, `regular_web` or `non_interactive`.
             * @minLength 1
             * @maxLength 50
             */
            kind?: string;
            isFirstParty?: boolean;
            isActive?: boolean;
            /** @maxItems 50 */
            grantTypes?: string[];
            /**
             * @minLength 1
             * @maxLength 300
             */
            tokenEndpointAuthMethod?: string;
            /** @maxItems 1000 */
            callbacks?: string[];
            /** @maxItems 1000 */
            allowedLogoutUrls?: string[];
            /** @maxItems 1000 */
            webOrigins?: string[];
            metadata?: Record<string, unknown>;
            /**
             * The role that everybody has in this application who has no other there.
             * @minLength 1
             * @maxLength 300
             */
            defaultRoleId?: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            secret?: string;
            /** `true` makes a key for the DreamFactory dialect. */
            apiKey?: string | true;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              /** Its OAuth `client_id` too. */
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 300
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /**
               * `native`, `spa`, `regular_web` or `non_interactive`.
               * @minLength 1
               * @maxLength 50
               */
              kind: string;
              isFirstParty: boolean;
              isActive: boolean;
              /** @maxItems 50 */
              grantTypes: string[];
              /**
               * @minLength 1
               * @maxLength 300
               */
              tokenEndpointAuthMethod: string;
              /** @maxItems 1000 */
              callbacks: string[];
              /** @maxItems 1000 */
              allowedLogoutUrls: string[];
              /** @maxItems 1000 */
              webOrigins: string[];
              metadata: Record<string, unknown>;
              /** Stands for all applications in the Auth0 dialect. */
              isGlobal: boolean;
              defaultRoleId?: string;
              hasSecret: boolean;
              hasApiKey: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              secret?: string;
              apiKey?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/applications/{id}": {
    /** Read an application */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Its OAuth `client_id` too. */
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 300
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /**
               * `native`, `spa`, `regular_web` or `non_interactive`.
               * @minLength 1
               * @maxLength 50
               */
              kind: string;
              isFirstParty: boolean;
              isActive: boolean;
              /** @maxItems 50 */
              grantTypes: string[];
              /**
               * @minLength 1
               * @maxLength 300
               */
              tokenEndpointAuthMethod: string;
              /** @maxItems 1000 */
              callbacks: string[];
              /** @maxItems 1000 */
              allowedLogoutUrls: string[];
              /** @maxItems 1000 */
              webOrigins: string[];
              metadata: Record<string, unknown>;
              /** Stands for all applications in the Auth0 dialect. */
              isGlobal: boolean;
              defaultRoleId?: string;
              hasSecret: boolean;
              hasApiKey: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change an application */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            name?: string;
            /** @maxLength 1000 */
            description?: string;
            /**
             * `native`, `spa`, `regular_web` or `non_interactive`.
             * @minLength 1
             * @maxLength 50
             */
            kind?: string;
            isFirstParty?: boolean;
            isActive?: boolean;
            /** @maxItems 50 */
            grantTypes?: string[];
            /**
             * @minLength 1
             * @maxLength 300
             */
            tokenEndpointAuthMethod?: string;
            /** @maxItems 1000 */
            callbacks?: string[];
            /** @maxItems 1000 */
            allowedLogoutUrls?: string[];
            /** @maxItems 1000 */
            webOrigins?: string[];
            metadata?: Record<string, unknown>;
            /** The role that everybody has in this application who has no other there. */
            defaultRoleId?: string | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Its OAuth `client_id` too. */
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 300
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /**
               * `native`, `spa`, `regular_web` or `non_interactive`.
               * @minLength 1
               * @maxLength 50
               */
              kind: string;
              isFirstParty: boolean;
              isActive: boolean;
              /** @maxItems 50 */
              grantTypes: string[];
              /**
               * @minLength 1
               * @maxLength 300
               */
              tokenEndpointAuthMethod: string;
              /** @maxItems 1000 */
              callbacks: string[];
              /** @maxItems 1000 */
              allowedLogoutUrls: string[];
              /** @maxItems 1000 */
              webOrigins: string[];
              metadata: Record<string, unknown>;
              /** Stands for all applications in the Auth0 dialect. */
              isGlobal: boolean;
              defaultRoleId?: string;
              hasSecret: boolean;
              hasApiKey: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete an application with its grants and the roles held in it */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/applications/{id}/api-key": {
    /** Give an application an API key of the DreamFactory dialect, this one or a new one */
    put: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 1000
             */
            apiKey?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Its OAuth `client_id` too. */
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 300
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /**
               * `native`, `spa`, `regular_web` or `non_interactive`.
               * @minLength 1
               * @maxLength 50
               */
              kind: string;
              isFirstParty: boolean;
              isActive: boolean;
              /** @maxItems 50 */
              grantTypes: string[];
              /**
               * @minLength 1
               * @maxLength 300
               */
              tokenEndpointAuthMethod: string;
              /** @maxItems 1000 */
              callbacks: string[];
              /** @maxItems 1000 */
              allowedLogoutUrls: string[];
              /** @maxItems 1000 */
              webOrigins: string[];
              metadata: Record<string, unknown>;
              /** Stands for all applications in the Auth0 dialect. */
              isGlobal: boolean;
              defaultRoleId?: string;
              hasSecret: boolean;
              hasApiKey: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              secret?: string;
              apiKey?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/applications/{id}/registration-policy": {
    /** Read who may register in an application, and with which roles */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              mode: "open" | "invitation" | "approval" | "closed";
              emailDomains: string[];
              emailConfirmation: "none" | "later" | "first";
              defaultRoles: {
                roleId: string;
                scope: string;
              }[];
              selectableRoles: {
                roleId: string;
                scope: string;
                grant: "immediate" | "approval";
              }[];
              /** The fields that are set here; the others are as the workspace says, or as it began. */
              own: string[];
            };
          };
        };
      };
    };
    /** Change who may register in an application, and with which roles */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            mode?: "open" | "invitation" | "approval" | "closed" | null;
            /** Only addresses in one of them may register; empty: any. */
            emailDomains?: string[] | null;
            emailConfirmation?: "none" | "later" | "first" | null;
            /** What everybody gets. Default scope: the workspace. */
            defaultRoles?:
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  roleId: string;
                  /**
                   * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
                   * @maxLength 300
                   * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
                   */
                  scope?: string;
                }[]
              | null;
            /** What a person may name when he registers, or ask for later. */
            selectableRoles?:
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  roleId: string;
                  /**
                   * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
                   * @maxLength 300
                   * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
                   */
                  scope?: string;
                  grant: "immediate" | "approval";
                }[]
              | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              mode: "open" | "invitation" | "approval" | "closed";
              emailDomains: string[];
              emailConfirmation: "none" | "later" | "first";
              defaultRoles: {
                roleId: string;
                scope: string;
              }[];
              selectableRoles: {
                roleId: string;
                scope: string;
                grant: "immediate" | "approval";
              }[];
              /** The fields that are set here; the others are as the workspace says, or as it began. */
              own: string[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/applications/{id}/rotate-secret": {
    /** Give an application a new secret; the old one stops working at once */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Its OAuth `client_id` too. */
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 300
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /**
               * `native`, `spa`, `regular_web` or `non_interactive`.
               * @minLength 1
               * @maxLength 50
               */
              kind: string;
              isFirstParty: boolean;
              isActive: boolean;
              /** @maxItems 50 */
              grantTypes: string[];
              /**
               * @minLength 1
               * @maxLength 300
               */
              tokenEndpointAuthMethod: string;
              /** @maxItems 1000 */
              callbacks: string[];
              /** @maxItems 1000 */
              allowedLogoutUrls: string[];
              /** @maxItems 1000 */
              webOrigins: string[];
              metadata: Record<string, unknown>;
              /** Stands for all applications in the Auth0 dialect. */
              isGlobal: boolean;
              defaultRoleId?: string;
              hasSecret: boolean;
              hasApiKey: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              secret?: string;
              apiKey?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/applications/{id}/secrets": {
    /** Read what an application authenticates with */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              secret?: string;
              apiKey?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/assignments": {
    /** List who holds which role where, since when and why */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
          source?:
            | "direct"
            | "default"
            | "selection"
            | "request"
            | "invitation"
            | "rule"
            | "hook"
            | "import";
          door?:
            | "auth0"
            | "dreamfactory"
            | "rocketchat"
            | "native"
            | "oidc"
            | "cli"
            | "system";
          /**
           * @minLength 1
           * @maxLength 300
           */
          actorId?: string;
          /** List those too that have expired and count no more. */
          expired?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "number"
            | "-number"
            | "createdAt"
            | "-createdAt"
            | "expiresAt"
            | "-expiresAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                userId: string;
                roleId: string;
                scope: string;
                /** How it came: `direct` when somebody gave it, else what gave it. */
                source: string;
                sourceId?: string;
                actor: {
                  kind: string;
                  id: string;
                };
                /** The dialect it came through. */
                door: string;
                reason?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                expiresAt?: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Give users roles within a scope, all or none */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            userId?: string;
            /**
             * @maxItems 1000
             * @minItems 1
             */
            userIds?: string[];
            /**
             * @minLength 1
             * @maxLength 300
             */
            roleId?: string;
            /**
             * @maxItems 1000
             * @minItems 1
             */
            roleIds?: string[];
            /**
             * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
             * @maxLength 300
             * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
             */
            scope?: string;
            /**
             * An instant, as ISO 8601.
             * @format date-time
             */
            expiresAt?: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            reason?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** How many are new. */
              added: number;
            };
          };
        };
      };
    };
    /** Take roles from users within a scope, all or none */
    delete: {
      parameters: {
        query?: {
          /**
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            userId?: string;
            /**
             * @maxItems 1000
             * @minItems 1
             */
            userIds?: string[];
            /**
             * @minLength 1
             * @maxLength 300
             */
            roleId?: string;
            /**
             * @maxItems 1000
             * @minItems 1
             */
            roleIds?: string[];
            /**
             * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
             * @maxLength 300
             * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
             */
            scope?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** How many are gone. */
              removed: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/client-grants": {
    /** List client grants */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * @minLength 1
           * @maxLength 600
           */
          applicationId?: string;
          /**
           * @minLength 1
           * @maxLength 600
           */
          api?: string;
          /** Whether it holds for the application itself or for people who use it. */
          subjectType?: "client" | "user";
          /** The field to order by; with `-` in front descending. */
          order?: "createdAt" | "-createdAt" | "updatedAt" | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                applicationId: string;
                apiId: string;
                apiIdentifier: string;
                permissions: string[];
                allowsAll: boolean;
                /** Whether it holds for the application itself or for people who use it. */
                subjectType: "client" | "user";
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Allow an application to call an API */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 600
             */
            applicationId: string;
            /**
             * The id or the identifier of the API.
             * @minLength 1
             * @maxLength 600
             */
            api: string;
            /**
             * Complete.
             * @maxItems 1000
             */
            permissions?: string[];
            /** All permissions, those added later included. */
            allowsAll?: boolean;
            /** Whether it holds for the application itself or for people who use it. */
            subjectType?: "client" | "user";
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              applicationId: string;
              apiId: string;
              apiIdentifier: string;
              permissions: string[];
              allowsAll: boolean;
              /** Whether it holds for the application itself or for people who use it. */
              subjectType: "client" | "user";
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/client-grants/{id}": {
    /** Read a client grant */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              applicationId: string;
              apiId: string;
              apiIdentifier: string;
              permissions: string[];
              allowsAll: boolean;
              /** Whether it holds for the application itself or for people who use it. */
              subjectType: "client" | "user";
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change what an application may ask for */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * Complete.
             * @maxItems 1000
             */
            permissions?: string[];
            /** All permissions, those added later included. */
            allowsAll?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              applicationId: string;
              apiId: string;
              apiIdentifier: string;
              permissions: string[];
              allowsAll: boolean;
              /** Whether it holds for the application itself or for people who use it. */
              subjectType: "client" | "user";
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Forbid an application to call an API */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/connections": {
    /** List connections */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name.
           * @maxLength 200
           */
          search?: string;
          /** @maxLength 64 */
          strategy?: string;
          /**
           * That this application may use.
           * @maxLength 300
           */
          applicationId?: string;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                name: string;
                displayName?: string;
                strategy: string;
                /** Without the secrets among them. */
                options: Record<string, unknown>;
                applicationIds: string[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create a connection */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 128
             */
            name: string;
            /**
             * `auth0` keeps passwords here.
             * @minLength 1
             * @maxLength 64
             */
            strategy: string;
            /**
             * @minLength 1
             * @maxLength 128
             */
            displayName?: string;
            options?: Record<string, unknown>;
            /** @maxItems 1000 */
            applicationIds?: string[];
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              displayName?: string;
              strategy: string;
              /** Without the secrets among them. */
              options: Record<string, unknown>;
              applicationIds: string[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/connections/{id}": {
    /** Read a connection */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              displayName?: string;
              strategy: string;
              /** Without the secrets among them. */
              options: Record<string, unknown>;
              applicationIds: string[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change a connection */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            displayName?: string | null;
            options?: Record<string, unknown>;
            /** @maxItems 1000 */
            applicationIds?: string[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              displayName?: string;
              strategy: string;
              /** Without the secrets among them. */
              options: Record<string, unknown>;
              applicationIds: string[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete a connection, and the users who have no other */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/connections/{id}/applications/{applicationId}": {
    /** Let an application use a connection */
    put: {
      parameters: {
        path: { id: string; applicationId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
    /** No longer let an application use a connection */
    delete: {
      parameters: {
        path: { id: string; applicationId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/events": {
    /** List what happened, the newest first */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * `role.assigned`, or `role` for everything that happens to roles.
           * @maxLength 100
           * @pattern ^[a-z-]+(\.[a-z-]+)?$
           */
          type?: string;
          /**
           * The user it happened to.
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          /**
           * Who did it.
           * @minLength 1
           * @maxLength 300
           */
          actorId?: string;
          door?:
            | "auth0"
            | "dreamfactory"
            | "rocketchat"
            | "native"
            | "oidc"
            | "cli"
            | "system";
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
          /**
           * At this instant or later.
           * @format date-time
           */
          from?: string;
          /**
           * Before this instant.
           * @format date-time
           */
          to?: string;
          /** The field to order by; with `-` in front descending. */
          order?: "number" | "-number";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                /** Grows in the order in which things happened. */
                number: number;
                /** The same for every delivery of it. */
                id: string;
                type: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                at: string;
                door: string;
                actor: {
                  kind: string;
                  id: string;
                };
                userId?: string;
                roleId?: string;
                scope?: string;
                target?: {
                  kind: string;
                  id: string;
                };
                data?: Record<string, unknown>;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/events/stream": {
    /** Follow what happens */
    get: {
      parameters: {
        query?: {
          /**
           * `role.assigned`, or `role` for everything that happens to roles.
           * @maxLength 100
           * @pattern ^[a-z-]+(\.[a-z-]+)?$
           */
          type?: string;
          /**
           * The user it happened to.
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          /**
           * Who did it.
           * @minLength 1
           * @maxLength 300
           */
          actorId?: string;
          door?:
            | "auth0"
            | "dreamfactory"
            | "rocketchat"
            | "native"
            | "oidc"
            | "cli"
            | "system";
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
        };
        header?: {
          "last-event-id"?: string;
        };
      };
      responses: {
        200: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/events/{id}": {
    /** Read an event */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Grows in the order in which things happened. */
              number: number;
              /** The same for every delivery of it. */
              id: string;
              type: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              at: string;
              door: string;
              actor: {
                kind: string;
                id: string;
              };
              userId?: string;
              roleId?: string;
              scope?: string;
              target?: {
                kind: string;
                id: string;
              };
              data?: Record<string, unknown>;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/executions": {
    /** List what hooks did, the newest first */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * @minLength 1
           * @maxLength 300
           */
          hookId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          runId?: string;
          /** @maxLength 200 */
          trigger?: string;
          status?: "running" | "done" | "failed";
          /** The field to order by; with `-` in front descending. */
          order?: "number" | "-number";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                /** The same for all hooks that ran on one occasion. */
                runId: string;
                trigger: string;
                hookId: string;
                hookName: string;
                versionId?: string;
                status: "running" | "done" | "failed";
                input: Record<string, unknown>;
                output?: unknown;
                log: {
                  level: string;
                  text: string;
                }[];
                calls: {
                  method: string;
                  target: string;
                  status?: number;
                  error?: string;
                }[];
                failure?: {
                  kind: string;
                  message: string;
                  stack?: string;
                };
                userId?: string;
                applicationId?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                startedAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                endedAt?: string;
                durationMs?: number;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/executions/{id}": {
    /** Read an execution: what a hook was told, did and printed */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              /** The same for all hooks that ran on one occasion. */
              runId: string;
              trigger: string;
              hookId: string;
              hookName: string;
              versionId?: string;
              status: "running" | "done" | "failed";
              input: Record<string, unknown>;
              output?: unknown;
              log: {
                level: string;
                text: string;
              }[];
              calls: {
                method: string;
                target: string;
                status?: number;
                error?: string;
              }[];
              failure?: {
                kind: string;
                message: string;
                stack?: string;
              };
              userId?: string;
              applicationId?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              startedAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              endedAt?: string;
              durationMs?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/explain": {
    /** Why does a user hold a role, or may do something, in a scope; and if not, what is missing? */
    get: {
      parameters: {
        query: {
          /**
           * @minLength 1
           * @maxLength 300
           */
          userId: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          /**
           * The id or the identifier of an API.
           * @minLength 1
           * @maxLength 600
           */
          api?: string;
          /**
           * The name of one of its permissions.
           * @minLength 1
           * @maxLength 280
           */
          permission?: string;
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              user: {
                id: string;
                name?: string;
                isBlocked: boolean;
              };
              scope: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              at: string;
              asked: {
                kind: "role" | "permission";
                role?: {
                  id: string;
                  name: string;
                  isActive: boolean;
                };
                permission?: {
                  apiId: string;
                  apiIdentifier: string;
                  apiName: string;
                  name: string;
                  description: string;
                };
              };
              answer: boolean;
              /** Every way that leads there: what was granted, then the roles from it to what was asked for. */
              paths: {
                grant: {
                  kind: "assignment" | "permission";
                  scope: string;
                  source?: string;
                  sourceId?: string;
                  /** The rule, or the application whose policy gave it; who invited. */
                  sourceName?: string;
                  by?: {
                    kind: string;
                    id: string;
                    name?: string;
                  };
                  /** The dialect it came through. */
                  door?: string;
                  reason?: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  since?: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  until?: string;
                };
                roles: {
                  id: string;
                  name: string;
                  isActive: boolean;
                }[];
              }[];
              /** There are more paths than are listed. */
              isCut: boolean;
              missing?: {
                isBlocked: boolean;
                isMember?: boolean;
                nearly: {
                  grant: {
                    kind: "assignment" | "permission";
                    scope: string;
                    source?: string;
                    sourceId?: string;
                    /** The rule, or the application whose policy gave it; who invited. */
                    sourceName?: string;
                    by?: {
                      kind: string;
                      id: string;
                      name?: string;
                    };
                    /** The dialect it came through. */
                    door?: string;
                    reason?: string;
                    /**
                     * An instant, as ISO 8601.
                     * @format date-time
                     */
                    since?: string;
                    /**
                     * An instant, as ISO 8601.
                     * @format date-time
                     */
                    until?: string;
                  };
                  roles: {
                    id: string;
                    name: string;
                    isActive: boolean;
                  }[];
                  because: {
                    kind: "expired" | "other-scope" | "inactive-role";
                    /**
                     * An instant, as ISO 8601.
                     * @format date-time
                     */
                    at?: string;
                    scope?: string;
                    role?: {
                      id: string;
                      name: string;
                      isActive: boolean;
                    };
                  }[];
                }[];
                roles?: {
                  roles: {
                    id: string;
                    name: string;
                    isActive: boolean;
                  }[];
                  assignIn: string;
                  inactive: {
                    id: string;
                    name: string;
                    isActive: boolean;
                  }[];
                }[];
              };
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks": {
    /** List hooks */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /** `action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory. */
          flavour?: "action" | "event-script";
          /** @maxLength 200 */
          trigger?: string;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                name: string;
                /** `action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory. */
                flavour: "action" | "event-script";
                /** JavaScript; at most 100 kB. */
                code: string;
                /** @maxItems 10 */
                dependencies: {
                  /**
                   * @minLength 1
                   * @maxLength 214
                   */
                  name: string;
                  /**
                   * Blank: the newest when it is built, pinned from then on.
                   * @maxLength 100
                   */
                  version?: string;
                }[];
                /**
                 * @minLength 1
                 * @maxLength 50
                 */
                runtime: string;
                /**
                 * Where it may be bound.
                 * @maxItems 20
                 */
                triggers: {
                  /**
                   * @minLength 1
                   * @maxLength 200
                   */
                  name: string;
                  /** @maxLength 20 */
                  version?: string;
                }[];
                /**
                 * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
                 * @maxItems 50
                 */
                allowedHosts: string[];
                /** What becomes of a request when the script fails; when it denies, the request is denied anyway. */
                onFailure: "deny" | "allow";
                /** Whose rights its calls back into the server have. `system` needs the right to make administrators. */
                runsAs: "system" | "caller";
                /** What it leaves in the request or the answer is taken over. */
                modifiesEvents: boolean;
                /**
                 * @min 100
                 * @max 20000
                 */
                timeoutMs: number;
                isEnabled: boolean;
                /**
                 * Only for these applications; empty for all.
                 * @maxItems 1000
                 */
                applicationIds: string[];
                status: "pending" | "building" | "built" | "failed";
                errors: {
                  code: string;
                  message: string;
                }[];
                /** What was installed for the dependencies. */
                resolved: {
                  name: string;
                  asked: string;
                  version: string;
                  integrity: string;
                }[];
                secrets: {
                  name: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  updatedAt: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                builtAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
                /** The draft differs from what is deployed. */
                hasChanges: boolean;
                deployedVersion?: {
                  id: string;
                  hookId: string;
                  versionNumber: number;
                  /** JavaScript; at most 100 kB. */
                  code: string;
                  /** @maxItems 10 */
                  dependencies: {
                    /**
                     * @minLength 1
                     * @maxLength 214
                     */
                    name: string;
                    /**
                     * Blank: the newest when it is built, pinned from then on.
                     * @maxLength 100
                     */
                    version?: string;
                  }[];
                  /**
                   * @minLength 1
                   * @maxLength 50
                   */
                  runtime: string;
                  /**
                   * Where it may be bound.
                   * @maxItems 20
                   */
                  triggers: {
                    /**
                     * @minLength 1
                     * @maxLength 200
                     */
                    name: string;
                    /** @maxLength 20 */
                    version?: string;
                  }[];
                  /**
                   * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
                   * @maxItems 50
                   */
                  allowedHosts: string[];
                  status: "pending" | "building" | "built" | "failed";
                  errors: {
                    code: string;
                    message: string;
                  }[];
                  /** What was installed for the dependencies. */
                  resolved: {
                    name: string;
                    asked: string;
                    version: string;
                    integrity: string;
                  }[];
                  secrets: {
                    name: string;
                    /**
                     * An instant, as ISO 8601.
                     * @format date-time
                     */
                    updatedAt: string;
                  }[];
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  builtAt?: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  createdAt: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  updatedAt: string;
                };
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create a hook as a draft, which is built in the background */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** JavaScript; at most 100 kB. */
            code?: string;
            /** @maxItems 10 */
            dependencies?: {
              /**
               * @minLength 1
               * @maxLength 214
               */
              name: string;
              /**
               * Blank: the newest when it is built, pinned from then on.
               * @maxLength 100
               */
              version?: string;
            }[];
            /**
             * @minLength 1
             * @maxLength 50
             */
            runtime?: string;
            /**
             * Where it may be bound.
             * @maxItems 20
             */
            triggers?: {
              /**
               * @minLength 1
               * @maxLength 200
               */
              name: string;
              /** @maxLength 20 */
              version?: string;
            }[];
            /**
             * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
             * @maxItems 50
             */
            allowedHosts?: string[];
            /** What becomes of a request when the script fails; when it denies, the request is denied anyway. */
            onFailure?: "deny" | "allow";
            /** Whose rights its calls back into the server have. `system` needs the right to make administrators. */
            runsAs?: "system" | "caller";
            /** What it leaves in the request or the answer is taken over. */
            modifiesEvents?: boolean;
            /**
             * @min 100
             * @max 20000
             */
            timeoutMs?: number;
            isEnabled?: boolean;
            /**
             * Only for these applications; empty for all.
             * @maxItems 1000
             */
            applicationIds?: string[];
            /**
             * @minLength 1
             * @maxLength 255
             */
            name: string;
            /**
             * All it shall have. Write-only; one without a value keeps the value it has.
             * @maxItems 30
             */
            secrets?: {
              /** @minLength 1 */
              name: string;
              value?: string;
            }[];
            /** `action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory. */
            flavour: "action" | "event-script";
            /** Deploy it as soon as it is built. */
            deploy?: boolean;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              /** `action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory. */
              flavour: "action" | "event-script";
              /** JavaScript; at most 100 kB. */
              code: string;
              /** @maxItems 10 */
              dependencies: {
                /**
                 * @minLength 1
                 * @maxLength 214
                 */
                name: string;
                /**
                 * Blank: the newest when it is built, pinned from then on.
                 * @maxLength 100
                 */
                version?: string;
              }[];
              /**
               * @minLength 1
               * @maxLength 50
               */
              runtime: string;
              /**
               * Where it may be bound.
               * @maxItems 20
               */
              triggers: {
                /**
                 * @minLength 1
                 * @maxLength 200
                 */
                name: string;
                /** @maxLength 20 */
                version?: string;
              }[];
              /**
               * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
               * @maxItems 50
               */
              allowedHosts: string[];
              /** What becomes of a request when the script fails; when it denies, the request is denied anyway. */
              onFailure: "deny" | "allow";
              /** Whose rights its calls back into the server have. `system` needs the right to make administrators. */
              runsAs: "system" | "caller";
              /** What it leaves in the request or the answer is taken over. */
              modifiesEvents: boolean;
              /**
               * @min 100
               * @max 20000
               */
              timeoutMs: number;
              isEnabled: boolean;
              /**
               * Only for these applications; empty for all.
               * @maxItems 1000
               */
              applicationIds: string[];
              status: "pending" | "building" | "built" | "failed";
              errors: {
                code: string;
                message: string;
              }[];
              /** What was installed for the dependencies. */
              resolved: {
                name: string;
                asked: string;
                version: string;
                integrity: string;
              }[];
              secrets: {
                name: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              builtAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              /** The draft differs from what is deployed. */
              hasChanges: boolean;
              deployedVersion?: {
                id: string;
                hookId: string;
                versionNumber: number;
                /** JavaScript; at most 100 kB. */
                code: string;
                /** @maxItems 10 */
                dependencies: {
                  /**
                   * @minLength 1
                   * @maxLength 214
                   */
                  name: string;
                  /**
                   * Blank: the newest when it is built, pinned from then on.
                   * @maxLength 100
                   */
                  version?: string;
                }[];
                /**
                 * @minLength 1
                 * @maxLength 50
                 */
                runtime: string;
                /**
                 * Where it may be bound.
                 * @maxItems 20
                 */
                triggers: {
                  /**
                   * @minLength 1
                   * @maxLength 200
                   */
                  name: string;
                  /** @maxLength 20 */
                  version?: string;
                }[];
                /**
                 * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
                 * @maxItems 50
                 */
                allowedHosts: string[];
                status: "pending" | "building" | "built" | "failed";
                errors: {
                  code: string;
                  message: string;
                }[];
                /** What was installed for the dependencies. */
                resolved: {
                  name: string;
                  asked: string;
                  version: string;
                  integrity: string;
                }[];
                secrets: {
                  name: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  updatedAt: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                builtAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              };
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/types": {
    /** Read what scripts find, as declarations of TypeScript for editors */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              action: string;
              "event-script": string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}": {
    /** Read a hook */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              /** `action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory. */
              flavour: "action" | "event-script";
              /** JavaScript; at most 100 kB. */
              code: string;
              /** @maxItems 10 */
              dependencies: {
                /**
                 * @minLength 1
                 * @maxLength 214
                 */
                name: string;
                /**
                 * Blank: the newest when it is built, pinned from then on.
                 * @maxLength 100
                 */
                version?: string;
              }[];
              /**
               * @minLength 1
               * @maxLength 50
               */
              runtime: string;
              /**
               * Where it may be bound.
               * @maxItems 20
               */
              triggers: {
                /**
                 * @minLength 1
                 * @maxLength 200
                 */
                name: string;
                /** @maxLength 20 */
                version?: string;
              }[];
              /**
               * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
               * @maxItems 50
               */
              allowedHosts: string[];
              /** What becomes of a request when the script fails; when it denies, the request is denied anyway. */
              onFailure: "deny" | "allow";
              /** Whose rights its calls back into the server have. `system` needs the right to make administrators. */
              runsAs: "system" | "caller";
              /** What it leaves in the request or the answer is taken over. */
              modifiesEvents: boolean;
              /**
               * @min 100
               * @max 20000
               */
              timeoutMs: number;
              isEnabled: boolean;
              /**
               * Only for these applications; empty for all.
               * @maxItems 1000
               */
              applicationIds: string[];
              status: "pending" | "building" | "built" | "failed";
              errors: {
                code: string;
                message: string;
              }[];
              /** What was installed for the dependencies. */
              resolved: {
                name: string;
                asked: string;
                version: string;
                integrity: string;
              }[];
              secrets: {
                name: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              builtAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              /** The draft differs from what is deployed. */
              hasChanges: boolean;
              deployedVersion?: {
                id: string;
                hookId: string;
                versionNumber: number;
                /** JavaScript; at most 100 kB. */
                code: string;
                /** @maxItems 10 */
                dependencies: {
                  /**
                   * @minLength 1
                   * @maxLength 214
                   */
                  name: string;
                  /**
                   * Blank: the newest when it is built, pinned from then on.
                   * @maxLength 100
                   */
                  version?: string;
                }[];
                /**
                 * @minLength 1
                 * @maxLength 50
                 */
                runtime: string;
                /**
                 * Where it may be bound.
                 * @maxItems 20
                 */
                triggers: {
                  /**
                   * @minLength 1
                   * @maxLength 200
                   */
                  name: string;
                  /** @maxLength 20 */
                  version?: string;
                }[];
                /**
                 * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
                 * @maxItems 50
                 */
                allowedHosts: string[];
                status: "pending" | "building" | "built" | "failed";
                errors: {
                  code: string;
                  message: string;
                }[];
                /** What was installed for the dependencies. */
                resolved: {
                  name: string;
                  asked: string;
                  version: string;
                  integrity: string;
                }[];
                secrets: {
                  name: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  updatedAt: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                builtAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              };
            };
          };
        };
      };
    };
    /** Change the draft of a hook, and its settings, which count at once */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /** JavaScript; at most 100 kB. */
            code?: string;
            /** @maxItems 10 */
            dependencies?: {
              /**
               * @minLength 1
               * @maxLength 214
               */
              name: string;
              /**
               * Blank: the newest when it is built, pinned from then on.
               * @maxLength 100
               */
              version?: string;
            }[];
            /**
             * @minLength 1
             * @maxLength 50
             */
            runtime?: string;
            /**
             * Where it may be bound.
             * @maxItems 20
             */
            triggers?: {
              /**
               * @minLength 1
               * @maxLength 200
               */
              name: string;
              /** @maxLength 20 */
              version?: string;
            }[];
            /**
             * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
             * @maxItems 50
             */
            allowedHosts?: string[];
            /** What becomes of a request when the script fails; when it denies, the request is denied anyway. */
            onFailure?: "deny" | "allow";
            /** Whose rights its calls back into the server have. `system` needs the right to make administrators. */
            runsAs?: "system" | "caller";
            /** What it leaves in the request or the answer is taken over. */
            modifiesEvents?: boolean;
            /**
             * @min 100
             * @max 20000
             */
            timeoutMs?: number;
            isEnabled?: boolean;
            /**
             * Only for these applications; empty for all.
             * @maxItems 1000
             */
            applicationIds?: string[];
            /**
             * @minLength 1
             * @maxLength 255
             */
            name?: string;
            /**
             * All it shall have. Write-only; one without a value keeps the value it has.
             * @maxItems 30
             */
            secrets?: {
              /** @minLength 1 */
              name: string;
              value?: string;
            }[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              /** `action`: written like an Auth0 Action. `event-script`: like an event script of DreamFactory. */
              flavour: "action" | "event-script";
              /** JavaScript; at most 100 kB. */
              code: string;
              /** @maxItems 10 */
              dependencies: {
                /**
                 * @minLength 1
                 * @maxLength 214
                 */
                name: string;
                /**
                 * Blank: the newest when it is built, pinned from then on.
                 * @maxLength 100
                 */
                version?: string;
              }[];
              /**
               * @minLength 1
               * @maxLength 50
               */
              runtime: string;
              /**
               * Where it may be bound.
               * @maxItems 20
               */
              triggers: {
                /**
                 * @minLength 1
                 * @maxLength 200
                 */
                name: string;
                /** @maxLength 20 */
                version?: string;
              }[];
              /**
               * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
               * @maxItems 50
               */
              allowedHosts: string[];
              /** What becomes of a request when the script fails; when it denies, the request is denied anyway. */
              onFailure: "deny" | "allow";
              /** Whose rights its calls back into the server have. `system` needs the right to make administrators. */
              runsAs: "system" | "caller";
              /** What it leaves in the request or the answer is taken over. */
              modifiesEvents: boolean;
              /**
               * @min 100
               * @max 20000
               */
              timeoutMs: number;
              isEnabled: boolean;
              /**
               * Only for these applications; empty for all.
               * @maxItems 1000
               */
              applicationIds: string[];
              status: "pending" | "building" | "built" | "failed";
              errors: {
                code: string;
                message: string;
              }[];
              /** What was installed for the dependencies. */
              resolved: {
                name: string;
                asked: string;
                version: string;
                integrity: string;
              }[];
              secrets: {
                name: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              builtAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              /** The draft differs from what is deployed. */
              hasChanges: boolean;
              deployedVersion?: {
                id: string;
                hookId: string;
                versionNumber: number;
                /** JavaScript; at most 100 kB. */
                code: string;
                /** @maxItems 10 */
                dependencies: {
                  /**
                   * @minLength 1
                   * @maxLength 214
                   */
                  name: string;
                  /**
                   * Blank: the newest when it is built, pinned from then on.
                   * @maxLength 100
                   */
                  version?: string;
                }[];
                /**
                 * @minLength 1
                 * @maxLength 50
                 */
                runtime: string;
                /**
                 * Where it may be bound.
                 * @maxItems 20
                 */
                triggers: {
                  /**
                   * @minLength 1
                   * @maxLength 200
                   */
                  name: string;
                  /** @maxLength 20 */
                  version?: string;
                }[];
                /**
                 * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
                 * @maxItems 50
                 */
                allowedHosts: string[];
                status: "pending" | "building" | "built" | "failed";
                errors: {
                  code: string;
                  message: string;
                }[];
                /** What was installed for the dependencies. */
                resolved: {
                  name: string;
                  asked: string;
                  version: string;
                  integrity: string;
                }[];
                secrets: {
                  name: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  updatedAt: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                builtAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              };
            };
          };
        };
      };
    };
    /** Delete a hook; one that is bound only when asked to take it from its triggers */
    delete: {
      parameters: {
        query?: {
          unbind?: boolean;
        };
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/bindings": {
    /** List where a hook is bound */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                trigger: string;
                hookId: string;
                hookName?: string;
                position: number;
                displayName: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/deploy": {
    /** Freeze the draft as a new version, which runs from then on */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              hookId: string;
              versionNumber: number;
              /** JavaScript; at most 100 kB. */
              code: string;
              /** @maxItems 10 */
              dependencies: {
                /**
                 * @minLength 1
                 * @maxLength 214
                 */
                name: string;
                /**
                 * Blank: the newest when it is built, pinned from then on.
                 * @maxLength 100
                 */
                version?: string;
              }[];
              /**
               * @minLength 1
               * @maxLength 50
               */
              runtime: string;
              /**
               * Where it may be bound.
               * @maxItems 20
               */
              triggers: {
                /**
                 * @minLength 1
                 * @maxLength 200
                 */
                name: string;
                /** @maxLength 20 */
                version?: string;
              }[];
              /**
               * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
               * @maxItems 50
               */
              allowedHosts: string[];
              status: "pending" | "building" | "built" | "failed";
              errors: {
                code: string;
                message: string;
              }[];
              /** What was installed for the dependencies. */
              resolved: {
                name: string;
                asked: string;
                version: string;
                integrity: string;
              }[];
              secrets: {
                name: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              builtAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/dry-run": {
    /** Run the draft on events that happened, without unknown effect, and read what it would have changed */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * Default: the first it is meant for.
             * @maxLength 200
             */
            trigger?: string;
            /**
             * Events that happened.
             * @maxItems 50
             * @minItems 1
             */
            eventIds?: string[];
            /**
             * The newest so many events of the trigger.
             * @min 1
             * @max 50
             */
            last?: number;
            /** An event as the script gets it, instead of one that happened. */
            event?: Record<string, unknown>;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              results: {
                eventId?: string;
                at?: string;
                userId?: string;
                output?: unknown;
                log: {
                  level: string;
                  text: string;
                }[];
                calls: {
                  method: string;
                  target: string;
                  status?: number;
                  error?: string;
                }[];
                failure?: {
                  kind: string;
                  message: string;
                  stack?: string;
                };
                durationMs: number;
                changes: {
                  denied?: {
                    reason: string;
                    userMessage?: string;
                  };
                  rolesAdded: {
                    userId: string;
                    /** Ids. */
                    roles: string[];
                    scope: string;
                  }[];
                  rolesRemoved: {
                    userId: string;
                    /** Ids. */
                    roles: string[];
                    scope: string;
                  }[];
                  /** Everything that would have happened through its calls, the roles included. */
                  events: {
                    type: string;
                    userId?: string;
                    roleId?: string;
                    scope?: string;
                    data?: unknown;
                  }[];
                  userMetadata: Record<string, unknown>;
                  appMetadata: Record<string, unknown>;
                  idTokenClaims: Record<string, unknown>;
                  accessTokenClaims: Record<string, unknown>;
                  addedScopes: string[];
                  removedScopes: string[];
                };
                /** What the hooks of this trigger did with it then. */
                happened: {
                  executionId: string;
                  hookName: string;
                  status: string;
                  failure?: {
                    kind: string;
                    message: string;
                    stack?: string;
                  };
                  output?: unknown;
                }[];
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/versions": {
    /** List the versions of a hook, the newest first */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                hookId: string;
                versionNumber: number;
                /** JavaScript; at most 100 kB. */
                code: string;
                /** @maxItems 10 */
                dependencies: {
                  /**
                   * @minLength 1
                   * @maxLength 214
                   */
                  name: string;
                  /**
                   * Blank: the newest when it is built, pinned from then on.
                   * @maxLength 100
                   */
                  version?: string;
                }[];
                /**
                 * @minLength 1
                 * @maxLength 50
                 */
                runtime: string;
                /**
                 * Where it may be bound.
                 * @maxItems 20
                 */
                triggers: {
                  /**
                   * @minLength 1
                   * @maxLength 200
                   */
                  name: string;
                  /** @maxLength 20 */
                  version?: string;
                }[];
                /**
                 * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
                 * @maxItems 50
                 */
                allowedHosts: string[];
                status: "pending" | "building" | "built" | "failed";
                errors: {
                  code: string;
                  message: string;
                }[];
                /** What was installed for the dependencies. */
                resolved: {
                  name: string;
                  asked: string;
                  version: string;
                  integrity: string;
                }[];
                secrets: {
                  name: string;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  updatedAt: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                builtAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/versions/{versionId}": {
    /** Read a version */
    get: {
      parameters: {
        path: { id: string; versionId: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              hookId: string;
              versionNumber: number;
              /** JavaScript; at most 100 kB. */
              code: string;
              /** @maxItems 10 */
              dependencies: {
                /**
                 * @minLength 1
                 * @maxLength 214
                 */
                name: string;
                /**
                 * Blank: the newest when it is built, pinned from then on.
                 * @maxLength 100
                 */
                version?: string;
              }[];
              /**
               * @minLength 1
               * @maxLength 50
               */
              runtime: string;
              /**
               * Where it may be bound.
               * @maxItems 20
               */
              triggers: {
                /**
                 * @minLength 1
                 * @maxLength 200
                 */
                name: string;
                /** @maxLength 20 */
                version?: string;
              }[];
              /**
               * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
               * @maxItems 50
               */
              allowedHosts: string[];
              status: "pending" | "building" | "built" | "failed";
              errors: {
                code: string;
                message: string;
              }[];
              /** What was installed for the dependencies. */
              resolved: {
                name: string;
                asked: string;
                version: string;
                integrity: string;
              }[];
              secrets: {
                name: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              builtAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/versions/{versionId}/deploy": {
    /** Go back to a version: deploy a copy of it */
    post: {
      parameters: {
        query?: {
          updateDraft?: boolean;
        };
        path: { id: string; versionId: string };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              hookId: string;
              versionNumber: number;
              /** JavaScript; at most 100 kB. */
              code: string;
              /** @maxItems 10 */
              dependencies: {
                /**
                 * @minLength 1
                 * @maxLength 214
                 */
                name: string;
                /**
                 * Blank: the newest when it is built, pinned from then on.
                 * @maxLength 100
                 */
                version?: string;
              }[];
              /**
               * @minLength 1
               * @maxLength 50
               */
              runtime: string;
              /**
               * Where it may be bound.
               * @maxItems 20
               */
              triggers: {
                /**
                 * @minLength 1
                 * @maxLength 200
                 */
                name: string;
                /** @maxLength 20 */
                version?: string;
              }[];
              /**
               * Hosts that it may connect to beside this server: `api.example.com`, with a port where it is not 443.
               * @maxItems 50
               */
              allowedHosts: string[];
              status: "pending" | "building" | "built" | "failed";
              errors: {
                code: string;
                message: string;
              }[];
              /** What was installed for the dependencies. */
              resolved: {
                name: string;
                asked: string;
                version: string;
                integrity: string;
              }[];
              secrets: {
                name: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              builtAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/hooks/{id}/versions/{versionId}/diff": {
    /** Compare a version with another, or with the draft */
    get: {
      parameters: {
        query?: {
          /** The id of the later version; absent: the draft. */
          with?: string;
        };
        path: { id: string; versionId: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              changes: {
                field: string;
                before?: unknown;
                after?: unknown;
              }[];
              /** The code, line by line. */
              lines: {
                kind: "same" | "removed" | "added";
                text: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/invitations": {
    /** List all invitations, accepted and expired ones included */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Exactly, whatever its letter case.
           * @maxLength 320
           */
          email?: string;
          accepted?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "expiresAt"
            | "-expiresAt"
            | "email"
            | "-email";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                organizationId?: string;
                applicationId?: string;
                connectionId?: string;
                inviterName: string;
                message?: string;
                email: string;
                roles: {
                  roleId: string;
                  scope: string;
                }[];
                userMetadata: Record<string, unknown>;
                appMetadata: Record<string, unknown>;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                expiresAt: string;
                /**
                 * When its present link was sent, if not at first.
                 * @format date-time
                 */
                sentAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                acceptedAt?: string;
                /** The id of the user who did. */
                acceptedBy?: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Invite somebody */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            organizationId?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            applicationId?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            connectionId?: string;
            /**
             * As the mail names who invites.
             * @minLength 1
             * @maxLength 300
             */
            inviterName: string;
            /**
             * A few words for the mail.
             * @minLength 1
             * @maxLength 2000
             */
            message?: string;
            /**
             * Mail it; otherwise pass the secret on yourself.
             * @default true
             */
            sendsMail?: boolean;
            /**
             * @format email
             * @maxLength 320
             */
            email: string;
            /**
             * Default scope: the organization, or the workspace.
             * @maxItems 100
             */
            roles?: {
              /**
               * @minLength 1
               * @maxLength 300
               */
              roleId: string;
              /**
               * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
               * @maxLength 300
               * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
               */
              scope?: string;
            }[];
            userMetadata?: Record<string, unknown>;
            appMetadata?: Record<string, unknown>;
            /**
             * @min 1
             * @max 2592000
             */
            lifetimeSeconds?: number;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              organizationId?: string;
              applicationId?: string;
              connectionId?: string;
              inviterName: string;
              message?: string;
              email: string;
              roles: {
                roleId: string;
                scope: string;
              }[];
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * When its present link was sent, if not at first.
               * @format date-time
               */
              sentAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              acceptedAt?: string;
              /** The id of the user who did. */
              acceptedBy?: string;
              secret: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/invitations/accept": {
    /** Accept an invitation with the account one is signed in to */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * What the link carries.
             * @minLength 1
             * @maxLength 300
             */
            secret: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              organizationId?: string;
              applicationId?: string;
              connectionId?: string;
              inviterName: string;
              message?: string;
              email: string;
              roles: {
                roleId: string;
                scope: string;
              }[];
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * When its present link was sent, if not at first.
               * @format date-time
               */
              sentAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              acceptedAt?: string;
              /** The id of the user who did. */
              acceptedBy?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/invitations/csv": {
    /** Invite everybody in a file */
    post: {
      parameters: {
        query: {
          /**
           * As the mails name who invites.
           * @minLength 1
           * @maxLength 300
           */
          inviterName: string;
          /**
           * @minLength 1
           * @maxLength 2000
           */
          message?: string;
          /**
           * Ids or names, with `;` between.
           * @maxLength 2000
           */
          roles?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          applicationId?: string;
          /**
           * @min 1
           * @max 2592000
           */
          lifetimeSeconds?: number;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              invited: number;
              refused: number;
              lines: {
                /** Where it begins in the file, the head line being 1. */
                line: number;
                email: string;
                id?: string;
                /** What its link carries; shown this once. */
                secret?: string;
                /** Why it was refused. */
                code?: string;
                detail?: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/invitations/preview": {
    /** Show what an invitation is to */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * What the link carries.
             * @minLength 1
             * @maxLength 300
             */
            secret: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              email: string;
              inviterName: string;
              message?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              applicationId?: string;
              connectionId?: string;
              organization?: {
                id: string;
                name: string;
                displayName: string;
              };
              roles: {
                name: string;
                scope: string;
              }[];
              /** Its owner signs in to accept it; others register with it. */
              hasAccount: boolean;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/invitations/{id}": {
    /** Read an invitation */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              organizationId?: string;
              applicationId?: string;
              connectionId?: string;
              inviterName: string;
              message?: string;
              email: string;
              roles: {
                roleId: string;
                scope: string;
              }[];
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * When its present link was sent, if not at first.
               * @format date-time
               */
              sentAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              acceptedAt?: string;
              /** The id of the user who did. */
              acceptedBy?: string;
            };
          };
        };
      };
    };
    /** Take an invitation back */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/invitations/{id}/resend": {
    /** Send an invitation once more, with a new link */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              organizationId?: string;
              applicationId?: string;
              connectionId?: string;
              inviterName: string;
              message?: string;
              email: string;
              roles: {
                roleId: string;
                scope: string;
              }[];
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * When its present link was sent, if not at first.
               * @format date-time
               */
              sentAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              acceptedAt?: string;
              /** The id of the user who did. */
              acceptedBy?: string;
              secret: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mail-templates": {
    /** List what mails say, in each language */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                name: string;
                locale: string;
                /**
                 * @minLength 1
                 * @maxLength 500
                 */
                subject: string;
                /**
                 * Liquid, and `{placeholders}`.
                 * @minLength 1
                 * @maxLength 200000
                 */
                html: string;
                /**
                 * Made from the HTML unless given.
                 * @maxLength 200000
                 */
                text?: string;
                /**
                 * Instead of the name of the workspace’s sender.
                 * @maxLength 200
                 */
                fromName?: string;
                /**
                 * Instead of the address of the workspace’s sender.
                 * @maxLength 320
                 */
                fromEmail?: string;
                /**
                 * Where answers go.
                 * @maxLength 320
                 */
                replyTo?: string;
                /** Written by the workspace; otherwise the default. */
                isOwn: boolean;
                isActive: boolean;
                /** Whether removing it brings a default back. */
                hasDefault: boolean;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mail-templates/{name}/{locale}": {
    /** Read a mail template */
    get: {
      parameters: {
        path: { name: string; locale: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              name: string;
              locale: string;
              /**
               * @minLength 1
               * @maxLength 500
               */
              subject: string;
              /**
               * Liquid, and `{placeholders}`.
               * @minLength 1
               * @maxLength 200000
               */
              html: string;
              /**
               * Made from the HTML unless given.
               * @maxLength 200000
               */
              text?: string;
              /**
               * Instead of the name of the workspace’s sender.
               * @maxLength 200
               */
              fromName?: string;
              /**
               * Instead of the address of the workspace’s sender.
               * @maxLength 320
               */
              fromEmail?: string;
              /**
               * Where answers go.
               * @maxLength 320
               */
              replyTo?: string;
              /** Written by the workspace; otherwise the default. */
              isOwn: boolean;
              isActive: boolean;
              /** Whether removing it brings a default back. */
              hasDefault: boolean;
            };
          };
        };
      };
    };
    /** Write a mail template */
    put: {
      parameters: {
        path: { name: string; locale: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 500
             */
            subject: string;
            /**
             * Liquid, and `{placeholders}`.
             * @minLength 1
             * @maxLength 200000
             */
            html: string;
            /**
             * Made from the HTML unless given.
             * @maxLength 200000
             */
            text?: string;
            /**
             * Instead of the name of the workspace’s sender.
             * @maxLength 200
             */
            fromName?: string;
            /**
             * Instead of the address of the workspace’s sender.
             * @maxLength 320
             */
            fromEmail?: string;
            /**
             * Where answers go.
             * @maxLength 320
             */
            replyTo?: string;
            /** Off: the default counts again. */
            isActive?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              name: string;
              locale: string;
              /**
               * @minLength 1
               * @maxLength 500
               */
              subject: string;
              /**
               * Liquid, and `{placeholders}`.
               * @minLength 1
               * @maxLength 200000
               */
              html: string;
              /**
               * Made from the HTML unless given.
               * @maxLength 200000
               */
              text?: string;
              /**
               * Instead of the name of the workspace’s sender.
               * @maxLength 200
               */
              fromName?: string;
              /**
               * Instead of the address of the workspace’s sender.
               * @maxLength 320
               */
              fromEmail?: string;
              /**
               * Where answers go.
               * @maxLength 320
               */
              replyTo?: string;
              /** Written by the workspace; otherwise the default. */
              isOwn: boolean;
              isActive: boolean;
              /** Whether removing it brings a default back. */
              hasDefault: boolean;
            };
          };
        };
      };
    };
    /** Go back to the default of a mail template */
    delete: {
      parameters: {
        path: { name: string; locale: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/mail-templates/{name}/{locale}/preview": {
    /** See what a mail would look like, filled with samples */
    post: {
      parameters: {
        path: { name: string; locale: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 500
             */
            subject?: string;
            /**
             * Liquid, and `{placeholders}`.
             * @minLength 1
             * @maxLength 200000
             */
            html?: string;
            /**
             * Made from the HTML unless given.
             * @maxLength 200000
             */
            text?: string;
            /**
             * Instead of the name of the workspace’s sender.
             * @maxLength 200
             */
            fromName?: string;
            /**
             * Instead of the address of the workspace’s sender.
             * @maxLength 320
             */
            fromEmail?: string;
            /**
             * Where answers go.
             * @maxLength 320
             */
            replyTo?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              to: string;
              subject: string;
              /** Show it in a sandbox: templates are written by people. */
              html: string;
              text: string;
              fromName?: string;
              fromEmail?: string;
              replyTo?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mail/test": {
    /** Send a test mail */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 3
             * @maxLength 320
             */
            to: string;
            /** @pattern ^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$ */
            locale?: string;
          };
        };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              id: string;
              to: string;
              userId?: string;
              template: string;
              locale: string;
              status: "queued" | "sent" | "failed";
              /** How often it was handed to the mail server. */
              attempts: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              nextTryAt?: string;
              /** What the mail server said the last time. */
              fault?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              sentAt?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mails": {
    /** List mails that were sent or wait to be */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * The address, whatever its letter case.
           * @maxLength 500
           */
          to?: string;
          /**
           * The id of the user it is for.
           * @maxLength 300
           */
          user?: string;
          /** @maxLength 100 */
          template?: string;
          status?: "queued" | "sent" | "failed";
          /** The field to order by; with `-` in front descending. */
          order?: "createdAt" | "-createdAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                to: string;
                userId?: string;
                template: string;
                locale: string;
                status: "queued" | "sent" | "failed";
                /** How often it was handed to the mail server. */
                attempts: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                nextTryAt?: string;
                /** What the mail server said the last time. */
                fault?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                sentAt?: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mails/{id}": {
    /** Read what became of a mail */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              to: string;
              userId?: string;
              template: string;
              locale: string;
              status: "queued" | "sent" | "failed";
              /** How often it was handed to the mail server. */
              attempts: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              nextTryAt?: string;
              /** What the mail server said the last time. */
              fault?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              sentAt?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mails/{id}/content": {
    /** Read a mail as its reader sees it */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              to: string;
              subject: string;
              /** Show it in a sandbox: templates are written by people. */
              html: string;
              text: string;
              fromName?: string;
              fromEmail?: string;
              replyTo?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/mails/{id}/retry": {
    /** Send a mail at once that failed or waits for its next try */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        202: {
          content: {
            "application/json": {
              id: string;
              to: string;
              userId?: string;
              template: string;
              locale: string;
              status: "queued" | "sent" | "failed";
              /** How often it was handed to the mail server. */
              attempts: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              nextTryAt?: string;
              /** What the mail server said the last time. */
              fault?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              sentAt?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations": {
    /** List organizations */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name or display name.
           * @maxLength 200
           */
          search?: string;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "displayName"
            | "-displayName"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                name: string;
                displayName: string;
                metadata: Record<string, unknown>;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create an organization */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /** @pattern ^[a-z0-9_-]{1,50}$ */
            name: string;
            /**
             * @minLength 1
             * @maxLength 255
             */
            displayName?: string;
            metadata?: Record<string, unknown>;
            /** @maxItems 100 */
            connections?: {
              /**
               * @minLength 1
               * @maxLength 300
               */
              connectionId: string;
              /** Who signs in this way becomes a member. */
              assignsMembershipOnLogin?: boolean;
              /** People may register this way. */
              isSignupEnabled?: boolean;
              showsAsButton?: boolean;
            }[];
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              displayName: string;
              metadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}": {
    /** Read an organization */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              displayName: string;
              metadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change an organization */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /** @pattern ^[a-z0-9_-]{1,50}$ */
            name?: string;
            /**
             * @minLength 1
             * @maxLength 255
             */
            displayName?: string;
            metadata?: Record<string, unknown>;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              name: string;
              displayName: string;
              metadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete an organization with its members, roles held in it, and invitations */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/connections": {
    /** List how the members of an organization may sign in */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                connectionId: string;
                name: string;
                strategy: string;
                assignsMembershipOnLogin: boolean;
                isSignupEnabled: boolean;
                showsAsButton: boolean;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/connections/{connectionId}": {
    /** Let the members of an organization use a connection */
    put: {
      parameters: {
        path: { id: string; connectionId: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /** Who signs in this way becomes a member. */
            assignsMembershipOnLogin?: boolean;
            /** People may register this way. */
            isSignupEnabled?: boolean;
            showsAsButton?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              connectionId: string;
              name: string;
              strategy: string;
              assignsMembershipOnLogin: boolean;
              isSignupEnabled: boolean;
              showsAsButton: boolean;
            };
          };
        };
      };
    };
    /** No longer let the members of an organization use a connection */
    delete: {
      parameters: {
        path: { id: string; connectionId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/invitations": {
    /** List the invitations into an organization */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Exactly, whatever its letter case.
           * @maxLength 320
           */
          email?: string;
          accepted?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "expiresAt"
            | "-expiresAt"
            | "email"
            | "-email";
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                organizationId?: string;
                applicationId?: string;
                connectionId?: string;
                inviterName: string;
                message?: string;
                email: string;
                roles: {
                  roleId: string;
                  scope: string;
                }[];
                userMetadata: Record<string, unknown>;
                appMetadata: Record<string, unknown>;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                expiresAt: string;
                /**
                 * When its present link was sent, if not at first.
                 * @format date-time
                 */
                sentAt?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                acceptedAt?: string;
                /** The id of the user who did. */
                acceptedBy?: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Invite somebody into an organization */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            applicationId?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            connectionId?: string;
            /**
             * As the mail names who invites.
             * @minLength 1
             * @maxLength 300
             */
            inviterName: string;
            /**
             * A few words for the mail.
             * @minLength 1
             * @maxLength 2000
             */
            message?: string;
            /**
             * Mail it; otherwise pass the secret on yourself.
             * @default true
             */
            sendsMail?: boolean;
            /**
             * @format email
             * @maxLength 320
             */
            email: string;
            /**
             * Default scope: the organization, or the workspace.
             * @maxItems 100
             */
            roles?: {
              /**
               * @minLength 1
               * @maxLength 300
               */
              roleId: string;
              /**
               * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
               * @maxLength 300
               * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
               */
              scope?: string;
            }[];
            userMetadata?: Record<string, unknown>;
            appMetadata?: Record<string, unknown>;
            /**
             * @min 1
             * @max 2592000
             */
            lifetimeSeconds?: number;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              organizationId?: string;
              applicationId?: string;
              connectionId?: string;
              inviterName: string;
              message?: string;
              email: string;
              roles: {
                roleId: string;
                scope: string;
              }[];
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * When its present link was sent, if not at first.
               * @format date-time
               */
              sentAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              acceptedAt?: string;
              /** The id of the user who did. */
              acceptedBy?: string;
              secret: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/invitations/csv": {
    /** Invite everybody in a file into an organization */
    post: {
      parameters: {
        query: {
          /**
           * As the mails name who invites.
           * @minLength 1
           * @maxLength 300
           */
          inviterName: string;
          /**
           * @minLength 1
           * @maxLength 2000
           */
          message?: string;
          /**
           * Ids or names, with `;` between.
           * @maxLength 2000
           */
          roles?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          applicationId?: string;
          /**
           * @min 1
           * @max 2592000
           */
          lifetimeSeconds?: number;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              invited: number;
              refused: number;
              lines: {
                /** Where it begins in the file, the head line being 1. */
                line: number;
                email: string;
                id?: string;
                /** What its link carries; shown this once. */
                secret?: string;
                /** Why it was refused. */
                code?: string;
                detail?: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/invitations/{invitationId}": {
    /** Take an invitation into an organization back */
    delete: {
      parameters: {
        path: { id: string; invitationId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/invitations/{invitationId}/resend": {
    /** Send an invitation into an organization once more, with a new link */
    post: {
      parameters: {
        path: { id: string; invitationId: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              organizationId?: string;
              applicationId?: string;
              connectionId?: string;
              inviterName: string;
              message?: string;
              email: string;
              roles: {
                roleId: string;
                scope: string;
              }[];
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * When its present link was sent, if not at first.
               * @format date-time
               */
              sentAt?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              acceptedAt?: string;
              /** The id of the user who did. */
              acceptedBy?: string;
              secret: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/members": {
    /** List the members of an organization */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of a name, e-mail address or user name.
           * @maxLength 200
           */
          search?: string;
          /** Tell the roles of each member too. */
          withRoles?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "name"
            | "-name"
            | "email"
            | "-email"
            | "username"
            | "-username";
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                kind: string;
                username?: string;
                email?: string;
                name?: string;
                picture?: string;
                isBlocked: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                memberSince: string;
                /** Assigned in just this place. */
                roles?: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Make users members, all or none */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            userIds: string[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** How many are new. */
              added: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/members/{userId}": {
    /** End a membership with every role held in the organization */
    delete: {
      parameters: {
        path: { id: string; userId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/organizations/{id}/members/{userId}/roles": {
    /** List the roles a member holds in just this organization */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
        path: { id: string; userId: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 255
                 */
                name: string;
                /** @maxLength 1000 */
                description: string;
                /** `room` for roles of rooms; `workspace` for all others. */
                heldIn: "workspace" | "room";
                /** An inactive role keeps its assignments, which count for nothing. */
                isActive: boolean;
                requiresSecondFactor: boolean;
                isBuiltIn: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Give a member roles in the organization, all or none */
    post: {
      parameters: {
        path: { id: string; userId: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            roleIds: string[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              added: number;
            };
          };
        };
      };
    };
    /** Take roles from a member in the organization, all or none */
    delete: {
      parameters: {
        path: { id: string; userId: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            roleIds: string[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              removed: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/registration-policy": {
    /** Read who may register, and with which roles */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              mode: "open" | "invitation" | "approval" | "closed";
              emailDomains: string[];
              emailConfirmation: "none" | "later" | "first";
              defaultRoles: {
                roleId: string;
                scope: string;
              }[];
              selectableRoles: {
                roleId: string;
                scope: string;
                grant: "immediate" | "approval";
              }[];
              /** The fields that are set here; the others are as the workspace says, or as it began. */
              own: string[];
            };
          };
        };
      };
    };
    /** Change who may register, and with which roles */
    patch: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            mode?: "open" | "invitation" | "approval" | "closed" | null;
            /** Only addresses in one of them may register; empty: any. */
            emailDomains?: string[] | null;
            emailConfirmation?: "none" | "later" | "first" | null;
            /** What everybody gets. Default scope: the workspace. */
            defaultRoles?:
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  roleId: string;
                  /**
                   * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
                   * @maxLength 300
                   * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
                   */
                  scope?: string;
                }[]
              | null;
            /** What a person may name when he registers, or ask for later. */
            selectableRoles?:
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  roleId: string;
                  /**
                   * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
                   * @maxLength 300
                   * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
                   */
                  scope?: string;
                  grant: "immediate" | "approval";
                }[]
              | null;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              mode: "open" | "invitation" | "approval" | "closed";
              emailDomains: string[];
              emailConfirmation: "none" | "later" | "first";
              defaultRoles: {
                roleId: string;
                scope: string;
              }[];
              selectableRoles: {
                roleId: string;
                scope: string;
                grant: "immediate" | "approval";
              }[];
              /** The fields that are set here; the others are as the workspace says, or as it began. */
              own: string[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/registrations": {
    /** Register */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @format email
             * @maxLength 320
             */
            email?: string;
            /**
             * @minLength 1
             * @maxLength 255
             */
            username?: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            password?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            name?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            givenName?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            familyName?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            nickname?: string;
            /**
             * @format uri
             * @maxLength 2000
             */
            picture?: string;
            /**
             * @minLength 1
             * @maxLength 50
             */
            phone?: string;
            userMetadata?: Record<string, unknown>;
            /**
             * Its policy counts.
             * @minLength 1
             * @maxLength 300
             */
            applicationId?: string;
            /**
             * Ids or names of roles that the policy lets a person choose.
             * @maxItems 50
             */
            roles?: string[];
            /**
             * The secret of an invitation’s link.
             * @minLength 1
             * @maxLength 300
             */
            invitation?: string;
            /**
             * @maxLength 35
             * @pattern ^[A-Za-z]{2,3}([-_][A-Za-z0-9]{2,8})*$
             */
            locale?: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              status: "active" | "awaiting-confirmation" | "awaiting-approval";
              /** Only for who can sign in at once. */
              userId?: string;
              givenRoleIds?: string[];
              /** Somebody must approve first. */
              requestedRoleIds?: string[];
            };
          };
        };
        202: {
          content: {
            "application/json": {
              status: "active" | "awaiting-confirmation" | "awaiting-approval";
              /** Only for who can sign in at once. */
              userId?: string;
              givenRoleIds?: string[];
              /** Somebody must approve first. */
              requestedRoleIds?: string[];
            };
          };
        };
      };
    };
    /** List people who have registered and wait for approval */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                kind: string;
                username?: string;
                email?: string;
                isEmailVerified: boolean;
                phone?: string;
                isPhoneVerified: boolean;
                name?: string;
                givenName?: string;
                familyName?: string;
                nickname?: string;
                picture?: string;
                isBlocked: boolean;
                /**
                 * He registered then, and waits to be let in.
                 * @format date-time
                 */
                approvalAskedAt?: string;
                /** He can not sign in before his address is confirmed. */
                needsConfirmedEmail?: boolean;
                hasPassword: boolean;
                /** The connection whose password it is. */
                connectionId?: string;
                connectionName?: string;
                userMetadata: Record<string, unknown>;
                appMetadata: Record<string, unknown>;
                /** Moves with every change of the roles and permissions assigned. */
                rolesVersion: number;
                loginsCount: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                lastLoginAt?: string;
                lastIp?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
                identities?: {
                  provider: string;
                  subject: string;
                  connectionName: string;
                  isSocial: boolean;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  createdAt: string;
                }[];
                /** Assigned in the workspace; in lists that ask for them. */
                roles?: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/registrations/form": {
    /** What a form to register with needs to know */
    get: {
      parameters: {
        query?: {
          /**
           * @minLength 1
           * @maxLength 300
           */
          applicationId?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              mode: "open" | "invitation" | "approval" | "closed";
              emailConfirmation: "none" | "later" | "first";
              needsEmail: boolean;
              choices: {
                roleId: string;
                name: string;
                description: string;
                grant: "immediate" | "approval";
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/registrations/{id}/approve": {
    /** Let somebody in who has registered */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              kind: string;
              username?: string;
              email?: string;
              isEmailVerified: boolean;
              phone?: string;
              isPhoneVerified: boolean;
              name?: string;
              givenName?: string;
              familyName?: string;
              nickname?: string;
              picture?: string;
              isBlocked: boolean;
              /**
               * He registered then, and waits to be let in.
               * @format date-time
               */
              approvalAskedAt?: string;
              /** He can not sign in before his address is confirmed. */
              needsConfirmedEmail?: boolean;
              hasPassword: boolean;
              /** The connection whose password it is. */
              connectionId?: string;
              connectionName?: string;
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /** Moves with every change of the roles and permissions assigned. */
              rolesVersion: number;
              loginsCount: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              lastLoginAt?: string;
              lastIp?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              identities?: {
                provider: string;
                subject: string;
                connectionName: string;
                isSocial: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
              }[];
              /** Assigned in the workspace; in lists that ask for them. */
              roles?: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/registrations/{id}/reject": {
    /** Turn somebody away who has registered: he is deleted */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/role-hierarchy": {
    /** Read every inclusion and exclusion */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              inclusions: {
                roleId: string;
                includedRoleId: string;
              }[];
              exclusions: {
                roleId: string;
                otherRoleId: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/role-requests": {
    /** List requests for roles */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          status?: "open" | "approved" | "rejected" | "withdrawn" | "expired";
          /** The field to order by; with `-` in front descending. */
          order?: "createdAt" | "-createdAt" | "expiresAt" | "-expiresAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                userId: string;
                roleId: string;
                scope: string;
                status:
                  | "open"
                  | "approved"
                  | "rejected"
                  | "withdrawn"
                  | "expired";
                reason?: string;
                answer?: string;
                decidedBy?: {
                  kind: string;
                  id: string;
                };
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                expiresAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                decidedAt?: string;
                user: {
                  id: string;
                  name?: string;
                  username?: string;
                  email?: string;
                };
                role: {
                  id: string;
                  name: string;
                };
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Ask for roles that the registration policy offers */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            userId?: string;
            /**
             * Ids or names, as a person knows them.
             * @maxItems 20
             * @minItems 1
             */
            roles: string[];
            /**
             * Its policy says what may be asked for.
             * @minLength 1
             * @maxLength 300
             */
            applicationId?: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            reason?: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              /** Those that needed no approval. */
              givenRoleIds: string[];
              requests: {
                id: string;
                userId: string;
                roleId: string;
                scope: string;
                status:
                  | "open"
                  | "approved"
                  | "rejected"
                  | "withdrawn"
                  | "expired";
                reason?: string;
                answer?: string;
                decidedBy?: {
                  kind: string;
                  id: string;
                };
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                expiresAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                decidedAt?: string;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/role-requests/{id}": {
    /** Read a request for a role */
    get: {
      parameters: {
        query?: {
          /** Whose it is, for people who read their own. */
          userId?: string;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              userId: string;
              roleId: string;
              scope: string;
              status:
                | "open"
                | "approved"
                | "rejected"
                | "withdrawn"
                | "expired";
              reason?: string;
              answer?: string;
              decidedBy?: {
                kind: string;
                id: string;
              };
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              decidedAt?: string;
              user: {
                id: string;
                name?: string;
                username?: string;
                email?: string;
              };
              role: {
                id: string;
                name: string;
              };
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/role-requests/{id}/approve": {
    /** Give the role that somebody asks for */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 1000
             */
            answer?: string;
            /**
             * An instant, as ISO 8601.
             * @format date-time
             */
            expiresAt?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              userId: string;
              roleId: string;
              scope: string;
              status:
                | "open"
                | "approved"
                | "rejected"
                | "withdrawn"
                | "expired";
              reason?: string;
              answer?: string;
              decidedBy?: {
                kind: string;
                id: string;
              };
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              decidedAt?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/role-requests/{id}/reject": {
    /** Refuse the role that somebody asks for */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 1000
             */
            answer?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              userId: string;
              roleId: string;
              scope: string;
              status:
                | "open"
                | "approved"
                | "rejected"
                | "withdrawn"
                | "expired";
              reason?: string;
              answer?: string;
              decidedBy?: {
                kind: string;
                id: string;
              };
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              decidedAt?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/role-requests/{id}/withdraw": {
    /** Take back what one has asked for */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 300
             */
            userId?: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              userId: string;
              roleId: string;
              scope: string;
              status:
                | "open"
                | "approved"
                | "rejected"
                | "withdrawn"
                | "expired";
              reason?: string;
              answer?: string;
              decidedBy?: {
                kind: string;
                id: string;
              };
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              decidedAt?: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/roles": {
    /** List roles, the built-in ones included */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name or description.
           * @maxLength 200
           */
          search?: string;
          builtIn?: boolean;
          /** `room` for roles of rooms; `workspace` for all others. */
          heldIn?: "workspace" | "room";
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 255
                 */
                name: string;
                /** @maxLength 1000 */
                description: string;
                /** `room` for roles of rooms; `workspace` for all others. */
                heldIn: "workspace" | "room";
                /** An inactive role keeps its assignments, which count for nothing. */
                isActive: boolean;
                requiresSecondFactor: boolean;
                isBuiltIn: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create a role */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 255
             */
            name: string;
            /** @maxLength 1000 */
            description?: string;
            /** `room` for roles of rooms; `workspace` for all others. */
            heldIn?: "workspace" | "room";
            /** An inactive role keeps its assignments, which count for nothing. */
            isActive?: boolean;
            requiresSecondFactor?: boolean;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /** `room` for roles of rooms; `workspace` for all others. */
              heldIn: "workspace" | "room";
              /** An inactive role keeps its assignments, which count for nothing. */
              isActive: boolean;
              requiresSecondFactor: boolean;
              isBuiltIn: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}": {
    /** Read a role */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /** `room` for roles of rooms; `workspace` for all others. */
              heldIn: "workspace" | "room";
              /** An inactive role keeps its assignments, which count for nothing. */
              isActive: boolean;
              requiresSecondFactor: boolean;
              isBuiltIn: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change a role */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 255
             */
            name?: string;
            /** @maxLength 1000 */
            description?: string;
            /** `room` for roles of rooms; `workspace` for all others. */
            heldIn?: "workspace" | "room";
            /** An inactive role keeps its assignments, which count for nothing. */
            isActive?: boolean;
            requiresSecondFactor?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** @maxLength 1000 */
              description: string;
              /** `room` for roles of rooms; `workspace` for all others. */
              heldIn: "workspace" | "room";
              /** An inactive role keeps its assignments, which count for nothing. */
              isActive: boolean;
              requiresSecondFactor: boolean;
              isBuiltIn: boolean;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete a role with its assignments */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}/exclusions": {
    /** List the roles that may not be held together with a role */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}/exclusions/{otherRoleId}": {
    /** Declare two roles that nobody may hold together */
    put: {
      parameters: {
        path: { id: string; otherRoleId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
    /** Let two roles be held together again */
    delete: {
      parameters: {
        path: { id: string; otherRoleId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}/holders": {
    /** List who holds a role in a scope */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                kind: string;
                username?: string;
                email?: string;
                name?: string;
                picture?: string;
                isBlocked: boolean;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}/inclusions": {
    /** List the roles a role includes itself */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}/inclusions/{includedRoleId}": {
    /** Make a role include another */
    put: {
      parameters: {
        path: { id: string; includedRoleId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
    /** Make a role no longer include another */
    delete: {
      parameters: {
        path: { id: string; includedRoleId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/roles/{id}/permissions": {
    /** List the permissions a role carries itself */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                apiId: string;
                apiIdentifier: string;
                apiName: string;
                name: string;
                description: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Add permissions to a role, all or none */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            permissions: (
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  apiId: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
              | {
                  /**
                   * @minLength 1
                   * @maxLength 600
                   */
                  apiIdentifier: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
            )[];
          };
        };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
    /** Take permissions from a role */
    delete: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            permissions: (
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  apiId: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
              | {
                  /**
                   * @minLength 1
                   * @maxLength 600
                   */
                  apiIdentifier: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
            )[];
          };
        };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/rooms": {
    /** List rooms */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of the name or topic.
           * @maxLength 200
           */
          search?: string;
          /** A channel is public; a group is for its members. */
          kind?: "channel" | "group" | "team";
          archived?: boolean;
          withMembersCount?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 255
                 */
                name: string;
                /** A channel is public; a group is for its members. */
                kind: "channel" | "group" | "team";
                /** @maxLength 1000 */
                topic: string;
                /** @maxLength 1000 */
                description: string;
                /** New people join it by themselves. */
                isDefault: boolean;
                isArchived: boolean;
                /** @min 0 */
                membersCount?: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create a room with its owner and first members */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 255
             */
            name: string;
            /** A channel is public; a group is for its members. */
            kind: "channel" | "group" | "team";
            /** @maxLength 1000 */
            topic?: string;
            /** @maxLength 1000 */
            description?: string;
            /** New people join it by themselves. */
            isDefault?: boolean;
            /** Default: the person who creates it; `null` for nobody. */
            ownerId?: string | null;
            /** @maxItems 1000 */
            memberIds?: string[];
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** A channel is public; a group is for its members. */
              kind: "channel" | "group" | "team";
              /** @maxLength 1000 */
              topic: string;
              /** @maxLength 1000 */
              description: string;
              /** New people join it by themselves. */
              isDefault: boolean;
              isArchived: boolean;
              /** @min 0 */
              membersCount?: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/rooms/{id}": {
    /** Read a room */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** A channel is public; a group is for its members. */
              kind: "channel" | "group" | "team";
              /** @maxLength 1000 */
              topic: string;
              /** @maxLength 1000 */
              description: string;
              /** New people join it by themselves. */
              isDefault: boolean;
              isArchived: boolean;
              /** @min 0 */
              membersCount?: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change a room */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 255
             */
            name?: string;
            /** A channel is public; a group is for its members. */
            kind?: "channel" | "group" | "team";
            /** @maxLength 1000 */
            topic?: string;
            /** @maxLength 1000 */
            description?: string;
            /** New people join it by themselves. */
            isDefault?: boolean;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** A channel is public; a group is for its members. */
              kind: "channel" | "group" | "team";
              /** @maxLength 1000 */
              topic: string;
              /** @maxLength 1000 */
              description: string;
              /** New people join it by themselves. */
              isDefault: boolean;
              isArchived: boolean;
              /** @min 0 */
              membersCount?: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete a room with its members and the roles they hold in it */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/rooms/{id}/archive": {
    /** Close a room for new members; those there stay */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** A channel is public; a group is for its members. */
              kind: "channel" | "group" | "team";
              /** @maxLength 1000 */
              topic: string;
              /** @maxLength 1000 */
              description: string;
              /** New people join it by themselves. */
              isDefault: boolean;
              isArchived: boolean;
              /** @min 0 */
              membersCount?: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/rooms/{id}/members": {
    /** List who is in a room */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of a name, e-mail address or user name.
           * @maxLength 200
           */
          search?: string;
          /** Tell the roles of each member too. */
          withRoles?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "name"
            | "-name"
            | "email"
            | "-email"
            | "username"
            | "-username";
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                kind: string;
                username?: string;
                email?: string;
                name?: string;
                picture?: string;
                isBlocked: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                memberSince: string;
                /** Assigned in just this place. */
                roles?: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Bring users in, all or none */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            userIds: string[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** How many are new. */
              added: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/rooms/{id}/members/{userId}": {
    /** Enter a room */
    put: {
      parameters: {
        path: { id: string; userId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
    /** Leave a room, with every role held in it */
    delete: {
      parameters: {
        path: { id: string; userId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/rooms/{id}/unarchive": {
    /** Open a room for new members again */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              number: number;
              /**
               * @minLength 1
               * @maxLength 255
               */
              name: string;
              /** A channel is public; a group is for its members. */
              kind: "channel" | "group" | "team";
              /** @maxLength 1000 */
              topic: string;
              /** @maxLength 1000 */
              description: string;
              /** New people join it by themselves. */
              isDefault: boolean;
              isArchived: boolean;
              /** @min 0 */
              membersCount?: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/rules": {
    /** List rules that give roles, in their order */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "position"
            | "-position"
            | "name"
            | "-name"
            | "createdAt"
            | "-createdAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                name: string;
                description: string;
                isActive: boolean;
                position: number;
                occasions: (
                  | "registration"
                  | "first-login"
                  | "login"
                  | "profile-change"
                )[];
                condition: string;
                mode: "add" | "keep-in-step";
                roles: {
                  roleId: string;
                  scope: string;
                }[];
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Make a rule */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 200
             */
            name: string;
            /**
             * @maxItems 4
             * @minItems 1
             */
            occasions: (
              | "registration"
              | "first-login"
              | "login"
              | "profile-change"
            )[];
            /**
             * A CEL expression over `user`, `application`, `scope` and `event`.
             * @minLength 1
             * @maxLength 4000
             */
            condition: string;
            /**
             * Default scope: the workspace.
             * @maxItems 50
             * @minItems 1
             */
            roles: {
              /**
               * @minLength 1
               * @maxLength 300
               */
              roleId: string;
              /**
               * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
               * @maxLength 300
               * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
               */
              scope?: string;
            }[];
            /** @maxLength 2000 */
            description?: string;
            isActive?: boolean;
            /**
             * Rules are looked at in this order.
             * @min 0
             * @max 1000000
             */
            position?: number;
            /** `keep-in-step` also takes back what the rule gave once its condition holds no more. */
            mode?: "add" | "keep-in-step";
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              name: string;
              description: string;
              isActive: boolean;
              position: number;
              occasions: (
                | "registration"
                | "first-login"
                | "login"
                | "profile-change"
              )[];
              condition: string;
              mode: "add" | "keep-in-step";
              roles: {
                roleId: string;
                scope: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/rules/{id}": {
    /** Read a rule */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              description: string;
              isActive: boolean;
              position: number;
              occasions: (
                | "registration"
                | "first-login"
                | "login"
                | "profile-change"
              )[];
              condition: string;
              mode: "add" | "keep-in-step";
              roles: {
                roleId: string;
                scope: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Change a rule, switch it on or off */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 200
             */
            name?: string;
            /** @maxLength 2000 */
            description?: string;
            isActive?: boolean;
            /**
             * Rules are looked at in this order.
             * @min 0
             * @max 1000000
             */
            position?: number;
            /**
             * @maxItems 4
             * @minItems 1
             */
            occasions?: (
              | "registration"
              | "first-login"
              | "login"
              | "profile-change"
            )[];
            /**
             * A CEL expression over `user`, `application`, `scope` and `event`.
             * @minLength 1
             * @maxLength 4000
             */
            condition?: string;
            /** `keep-in-step` also takes back what the rule gave once its condition holds no more. */
            mode?: "add" | "keep-in-step";
            /**
             * Default scope: the workspace.
             * @maxItems 50
             * @minItems 1
             */
            roles?: {
              /**
               * @minLength 1
               * @maxLength 300
               */
              roleId: string;
              /**
               * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
               * @maxLength 300
               * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
               */
              scope?: string;
            }[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              name: string;
              description: string;
              isActive: boolean;
              position: number;
              occasions: (
                | "registration"
                | "first-login"
                | "login"
                | "profile-change"
              )[];
              condition: string;
              mode: "add" | "keep-in-step";
              roles: {
                roleId: string;
                scope: string;
              }[];
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
            };
          };
        };
      };
    };
    /** Delete a rule; what it gave stays */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/rules/{id}/dry-run": {
    /** Show the difference that a rule would make to existing users, without touching anything */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * How many users to look at.
             * @min 1
             * @max 2000
             * @default 1000
             */
            limit?: number;
            /**
             * The `next` of the page before this one.
             * @maxLength 2000
             */
            after?: string;
            /** Also count all users. */
            total?: boolean;
            occasion?:
              | "registration"
              | "first-login"
              | "login"
              | "profile-change";
            /**
             * @minLength 1
             * @maxLength 300
             */
            applicationId?: string;
            /**
             * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
             * @maxLength 300
             * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
             */
            scope?: string;
            /** Tried in place of what is stored. */
            changes?: {
              /**
               * A CEL expression over `user`, `application`, `scope` and `event`.
               * @minLength 1
               * @maxLength 4000
               */
              condition?: string;
              /** `keep-in-step` also takes back what the rule gave once its condition holds no more. */
              mode?: "add" | "keep-in-step";
              /**
               * Default scope: the workspace.
               * @maxItems 50
               * @minItems 1
               */
              roles?: {
                /**
                 * @minLength 1
                 * @maxLength 300
                 */
                roleId: string;
                /**
                 * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
                 * @maxLength 300
                 * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
                 */
                scope?: string;
              }[];
            };
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** How many users this page looked at. */
              scanned: number;
              /** Those of them for whom it would make a difference. */
              items: {
                user: {
                  id: string;
                  kind: string;
                  username?: string;
                  email?: string;
                  name?: string;
                  picture?: string;
                  isBlocked: boolean;
                };
                gives: {
                  roleId: string;
                  scope: string;
                }[];
                takes: {
                  roleId: string;
                  scope: string;
                }[];
              }[];
              faults: {
                userId: string;
                fault: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/session": {
    /** Sign in, with a cookie */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * An e-mail address or a user name.
             * @minLength 1
             * @maxLength 320
             */
            login: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            password: string;
            /**
             * A code of an app, or a recovery code: needed once second_factor_required was answered.
             * @minLength 1
             * @maxLength 100
             */
            code?: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              user: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                kind: string;
                username?: string;
                email?: string;
                isEmailVerified: boolean;
                phone?: string;
                isPhoneVerified: boolean;
                name?: string;
                givenName?: string;
                familyName?: string;
                nickname?: string;
                picture?: string;
                isBlocked: boolean;
                /**
                 * He registered then, and waits to be let in.
                 * @format date-time
                 */
                approvalAskedAt?: string;
                /** He can not sign in before his address is confirmed. */
                needsConfirmedEmail?: boolean;
                hasPassword: boolean;
                /** The connection whose password it is. */
                connectionId?: string;
                connectionName?: string;
                userMetadata: Record<string, unknown>;
                appMetadata: Record<string, unknown>;
                /** Moves with every change of the roles and permissions assigned. */
                rolesVersion: number;
                loginsCount: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                lastLoginAt?: string;
                lastIp?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
                identities?: {
                  provider: string;
                  subject: string;
                  connectionName: string;
                  isSocial: boolean;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  createdAt: string;
                }[];
                /** Assigned in the workspace; in lists that ask for them. */
                roles?: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              };
              /** What he may do everywhere: permissions of Rolecall itself. */
              permissions: string[];
              /** Whatever is not a GET sends it as X-CSRF-Token beside the cookie. */
              csrfToken?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt?: string;
            };
          };
        };
      };
    };
    /** Read who is signed in, and what he may do everywhere */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              user: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                kind: string;
                username?: string;
                email?: string;
                isEmailVerified: boolean;
                phone?: string;
                isPhoneVerified: boolean;
                name?: string;
                givenName?: string;
                familyName?: string;
                nickname?: string;
                picture?: string;
                isBlocked: boolean;
                /**
                 * He registered then, and waits to be let in.
                 * @format date-time
                 */
                approvalAskedAt?: string;
                /** He can not sign in before his address is confirmed. */
                needsConfirmedEmail?: boolean;
                hasPassword: boolean;
                /** The connection whose password it is. */
                connectionId?: string;
                connectionName?: string;
                userMetadata: Record<string, unknown>;
                appMetadata: Record<string, unknown>;
                /** Moves with every change of the roles and permissions assigned. */
                rolesVersion: number;
                loginsCount: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                lastLoginAt?: string;
                lastIp?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
                identities?: {
                  provider: string;
                  subject: string;
                  connectionName: string;
                  isSocial: boolean;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  createdAt: string;
                }[];
                /** Assigned in the workspace; in lists that ask for them. */
                roles?: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              };
              /** What he may do everywhere: permissions of Rolecall itself. */
              permissions: string[];
              /** Whatever is not a GET sends it as X-CSRF-Token beside the cookie. */
              csrfToken?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              expiresAt?: string;
            };
          };
        };
      };
    };
    /** Sign out */
    delete: {
      parameters: {};
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/set-up": {
    /** Create the first administrator, with the secret of the printed link */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            /**
             * What the printed link ends with.
             * @minLength 1
             * @maxLength 200
             */
            secret: string;
            /**
             * @format email
             * @maxLength 320
             */
            email: string;
            /**
             * @minLength 1
             * @maxLength 255
             */
            username: string;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            password: string;
          };
        };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/settings/{name}": {
    /** Read settings */
    get: {
      parameters: {
        path: { name: string };
      };
      responses: {
        200: { content: { "application/json": Record<string, unknown> } };
      };
    };
    /** Change settings */
    patch: {
      parameters: {
        path: { name: string };
      };
      requestBody: { content: { "application/json": Record<string, unknown> } };
      responses: {
        200: { content: { "application/json": Record<string, unknown> } };
      };
    };
  };
  "/api/rolecall/v1/signing-keys": {
    /** List the signing keys, the newest last */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                /** Its `kid`. */
                id: string;
                algorithm: "RS256" | "ES256";
                status: "next" | "current" | "previous" | "revoked";
                publicJwk: Record<string, unknown>;
                certificatePem: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                changedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/signing-keys/rotate": {
    /** Sign with the next key from now on, and make another next one */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            algorithm?: "RS256" | "ES256";
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Its `kid`. */
              id: string;
              algorithm: "RS256" | "ES256";
              status: "next" | "current" | "previous" | "revoked";
              publicJwk: Record<string, unknown>;
              certificatePem: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              changedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/signing-keys/{id}/revoke": {
    /** Stop trusting a key: every token it signed is refused */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Its `kid`. */
              id: string;
              algorithm: "RS256" | "ES256";
              status: "next" | "current" | "previous" | "revoked";
              publicJwk: Record<string, unknown>;
              certificatePem: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              changedAt: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/statistics/daily": {
    /** Count sign-ins, failed ones, new users and roles given, day by day */
    get: {
      parameters: {
        query?: {
          /**
           * An instant of the first day.
           * @format date-time
           */
          from?: string;
          /**
           * An instant of the last day.
           * @format date-time
           */
          to?: string;
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                /**
                 * The first instant of the day, UTC.
                 * @format date-time
                 */
                at: string;
                /** @min 0 */
                signIns: number;
                /** @min 0 */
                failedSignIns: number;
                /** @min 0 */
                signUps: number;
                /** @min 0 */
                rolesGiven: number;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/triggers": {
    /** List the triggers that actions can be bound to, beside every type of event */
    get: {
      parameters: {};
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                name: string;
                description: string;
                mayDeny: boolean;
                mayAmend: boolean;
                /** It runs afterwards, and only observes. */
                isQueued: boolean;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/triggers/{trigger}/bindings": {
    /** List the hooks of a trigger in the order they run in */
    get: {
      parameters: {
        path: { trigger: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                trigger: string;
                hookId: string;
                hookName?: string;
                position: number;
                displayName: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Make these the hooks of a trigger, in this order */
    put: {
      parameters: {
        path: { trigger: string };
        header?: {
          /** @maxLength 4000 */
          "if-match"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * In the order in which they run.
             * @maxItems 20
             */
            bindings: {
              /**
               * @minLength 1
               * @maxLength 300
               */
              hookId: string;
              /**
               * @minLength 1
               * @maxLength 255
               */
              displayName?: string;
            }[];
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                trigger: string;
                hookId: string;
                hookName?: string;
                position: number;
                displayName: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users": {
    /** List users */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * Part of a name, e-mail address or user name.
           * @maxLength 200
           */
          search?: string;
          /**
           * Exactly, whatever its letter case.
           * @maxLength 320
           */
          email?: string;
          /**
           * Exactly, whatever its letter case.
           * @maxLength 255
           */
          username?: string;
          /**
           * The id of a role that they hold.
           * @maxLength 300
           */
          role?: string;
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
          blocked?: boolean;
          /** Tell the workspace roles of each user too. */
          withRoles?: boolean;
          /** The field to order by; with `-` in front descending. */
          order?:
            | "createdAt"
            | "-createdAt"
            | "name"
            | "-name"
            | "email"
            | "-email"
            | "username"
            | "-username"
            | "lastLoginAt"
            | "-lastLoginAt"
            | "loginsCount"
            | "-loginsCount"
            | "updatedAt"
            | "-updatedAt";
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                kind: string;
                username?: string;
                email?: string;
                isEmailVerified: boolean;
                phone?: string;
                isPhoneVerified: boolean;
                name?: string;
                givenName?: string;
                familyName?: string;
                nickname?: string;
                picture?: string;
                isBlocked: boolean;
                /**
                 * He registered then, and waits to be let in.
                 * @format date-time
                 */
                approvalAskedAt?: string;
                /** He can not sign in before his address is confirmed. */
                needsConfirmedEmail?: boolean;
                hasPassword: boolean;
                /** The connection whose password it is. */
                connectionId?: string;
                connectionName?: string;
                userMetadata: Record<string, unknown>;
                appMetadata: Record<string, unknown>;
                /** Moves with every change of the roles and permissions assigned. */
                rolesVersion: number;
                loginsCount: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                lastLoginAt?: string;
                lastIp?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
                identities?: {
                  provider: string;
                  subject: string;
                  connectionName: string;
                  isSocial: boolean;
                  /**
                   * An instant, as ISO 8601.
                   * @format date-time
                   */
                  createdAt: string;
                }[];
                /** Assigned in the workspace; in lists that ask for them. */
                roles?: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Create a user */
    post: {
      parameters: {};
      requestBody: {
        content: {
          "application/json": {
            kind?: "person" | "bot";
            /**
             * @format email
             * @maxLength 320
             */
            email?: string;
            /**
             * @minLength 1
             * @maxLength 255
             */
            username?: string;
            /**
             * @minLength 1
             * @maxLength 50
             */
            phone?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            name?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            givenName?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            familyName?: string;
            /**
             * @minLength 1
             * @maxLength 300
             */
            nickname?: string;
            /**
             * @format uri
             * @maxLength 2000
             */
            picture?: string;
            isEmailVerified?: boolean;
            isPhoneVerified?: boolean;
            isBlocked?: boolean;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            password?: string;
            /**
             * The connection whose password it is.
             * @minLength 1
             * @maxLength 300
             */
            connectionId?: string;
            userMetadata?: Record<string, unknown>;
            appMetadata?: Record<string, unknown>;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              kind: string;
              username?: string;
              email?: string;
              isEmailVerified: boolean;
              phone?: string;
              isPhoneVerified: boolean;
              name?: string;
              givenName?: string;
              familyName?: string;
              nickname?: string;
              picture?: string;
              isBlocked: boolean;
              /**
               * He registered then, and waits to be let in.
               * @format date-time
               */
              approvalAskedAt?: string;
              /** He can not sign in before his address is confirmed. */
              needsConfirmedEmail?: boolean;
              hasPassword: boolean;
              /** The connection whose password it is. */
              connectionId?: string;
              connectionName?: string;
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /** Moves with every change of the roles and permissions assigned. */
              rolesVersion: number;
              loginsCount: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              lastLoginAt?: string;
              lastIp?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              identities?: {
                provider: string;
                subject: string;
                connectionName: string;
                isSocial: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
              }[];
              /** Assigned in the workspace; in lists that ask for them. */
              roles?: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}": {
    /** Read a user */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              kind: string;
              username?: string;
              email?: string;
              isEmailVerified: boolean;
              phone?: string;
              isPhoneVerified: boolean;
              name?: string;
              givenName?: string;
              familyName?: string;
              nickname?: string;
              picture?: string;
              isBlocked: boolean;
              /**
               * He registered then, and waits to be let in.
               * @format date-time
               */
              approvalAskedAt?: string;
              /** He can not sign in before his address is confirmed. */
              needsConfirmedEmail?: boolean;
              hasPassword: boolean;
              /** The connection whose password it is. */
              connectionId?: string;
              connectionName?: string;
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /** Moves with every change of the roles and permissions assigned. */
              rolesVersion: number;
              loginsCount: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              lastLoginAt?: string;
              lastIp?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              identities?: {
                provider: string;
                subject: string;
                connectionName: string;
                isSocial: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
              }[];
              /** Assigned in the workspace; in lists that ask for them. */
              roles?: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
            };
          };
        };
      };
    };
    /** Change a user */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            email?: string | null;
            username?: string | null;
            phone?: string | null;
            name?: string | null;
            givenName?: string | null;
            familyName?: string | null;
            nickname?: string | null;
            picture?: string | null;
            isEmailVerified?: boolean;
            isPhoneVerified?: boolean;
            isBlocked?: boolean;
            /**
             * @minLength 1
             * @maxLength 1000
             */
            password?: string;
            userMetadata?: Record<string, unknown>;
            appMetadata?: Record<string, unknown>;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              kind: string;
              username?: string;
              email?: string;
              isEmailVerified: boolean;
              phone?: string;
              isPhoneVerified: boolean;
              name?: string;
              givenName?: string;
              familyName?: string;
              nickname?: string;
              picture?: string;
              isBlocked: boolean;
              /**
               * He registered then, and waits to be let in.
               * @format date-time
               */
              approvalAskedAt?: string;
              /** He can not sign in before his address is confirmed. */
              needsConfirmedEmail?: boolean;
              hasPassword: boolean;
              /** The connection whose password it is. */
              connectionId?: string;
              connectionName?: string;
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /** Moves with every change of the roles and permissions assigned. */
              rolesVersion: number;
              loginsCount: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              lastLoginAt?: string;
              lastIp?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              identities?: {
                provider: string;
                subject: string;
                connectionName: string;
                isSocial: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
              }[];
              /** Assigned in the workspace; in lists that ask for them. */
              roles?: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
            };
          };
        };
      };
    };
    /** Delete a user with everything that is his */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/app-metadata": {
    /** Change what applications keep about a user */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: { content: { "application/json": Record<string, unknown> } };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              kind: string;
              username?: string;
              email?: string;
              isEmailVerified: boolean;
              phone?: string;
              isPhoneVerified: boolean;
              name?: string;
              givenName?: string;
              familyName?: string;
              nickname?: string;
              picture?: string;
              isBlocked: boolean;
              /**
               * He registered then, and waits to be let in.
               * @format date-time
               */
              approvalAskedAt?: string;
              /** He can not sign in before his address is confirmed. */
              needsConfirmedEmail?: boolean;
              hasPassword: boolean;
              /** The connection whose password it is. */
              connectionId?: string;
              connectionName?: string;
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /** Moves with every change of the roles and permissions assigned. */
              rolesVersion: number;
              loginsCount: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              lastLoginAt?: string;
              lastIp?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              identities?: {
                provider: string;
                subject: string;
                connectionName: string;
                isSocial: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
              }[];
              /** Assigned in the workspace; in lists that ask for them. */
              roles?: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/effective-permissions": {
    /** List everything a user may do in a scope, and what gives it */
    get: {
      parameters: {
        query?: {
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
          /**
           * Only permissions of this API.
           * @maxLength 300
           */
          apiId?: string;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                apiId: string;
                apiIdentifier: string;
                apiName: string;
                name: string;
                description: string;
                /** Given to the user himself, beside what his roles carry. */
                isDirect: boolean;
                /** The roles that carry it. */
                roles: {
                  id: string;
                  name: string;
                  isBuiltIn: boolean;
                }[];
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/effective-roles": {
    /** List the roles that count for a user in a scope */
    get: {
      parameters: {
        query?: {
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 255
                 */
                name: string;
                /** @maxLength 1000 */
                description: string;
                /** `room` for roles of rooms; `workspace` for all others. */
                heldIn: "workspace" | "room";
                /** An inactive role keeps its assignments, which count for nothing. */
                isActive: boolean;
                requiresSecondFactor: boolean;
                isBuiltIn: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/events": {
    /** List what happened to a user, the newest first */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * `role.assigned`, or `role` for everything that happens to roles.
           * @maxLength 100
           * @pattern ^[a-z-]+(\.[a-z-]+)?$
           */
          type?: string;
          /**
           * The user it happened to.
           * @minLength 1
           * @maxLength 300
           */
          userId?: string;
          /**
           * @minLength 1
           * @maxLength 300
           */
          roleId?: string;
          /**
           * Who did it.
           * @minLength 1
           * @maxLength 300
           */
          actorId?: string;
          door?:
            | "auth0"
            | "dreamfactory"
            | "rocketchat"
            | "native"
            | "oidc"
            | "cli"
            | "system";
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
          /**
           * At this instant or later.
           * @format date-time
           */
          from?: string;
          /**
           * Before this instant.
           * @format date-time
           */
          to?: string;
          /** The field to order by; with `-` in front descending. */
          order?: "number" | "-number";
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                /** Grows in the order in which things happened. */
                number: number;
                /** The same for every delivery of it. */
                id: string;
                type: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                at: string;
                door: string;
                actor: {
                  kind: string;
                  id: string;
                };
                userId?: string;
                roleId?: string;
                scope?: string;
                target?: {
                  kind: string;
                  id: string;
                };
                data?: Record<string, unknown>;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/organizations": {
    /** List the organizations a user is a member of */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                name: string;
                displayName: string;
                metadata: Record<string, unknown>;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/permissions": {
    /** Give a user permissions directly, all or none */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            permissions: (
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  apiId: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
              | {
                  /**
                   * @minLength 1
                   * @maxLength 600
                   */
                  apiIdentifier: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
            )[];
          };
        };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
    /** Take directly given permissions from a user */
    delete: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @minItems 1
             */
            permissions: (
              | {
                  /**
                   * @minLength 1
                   * @maxLength 300
                   */
                  apiId: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
              | {
                  /**
                   * @minLength 1
                   * @maxLength 600
                   */
                  apiIdentifier: string;
                  /**
                   * @minLength 1
                   * @maxLength 280
                   */
                  name: string;
                }
            )[];
          };
        };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/roles": {
    /** List the roles assigned to a user in just this scope */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
          /**
           * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
           * @maxLength 300
           * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
           */
          scope?: string;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                /** The integer id of dialects that need one. */
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 255
                 */
                name: string;
                /** @maxLength 1000 */
                description: string;
                /** `room` for roles of rooms; `workspace` for all others. */
                heldIn: "workspace" | "room";
                /** An inactive role keeps its assignments, which count for nothing. */
                isActive: boolean;
                requiresSecondFactor: boolean;
                isBuiltIn: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Make these the only roles of a user in a scope */
    put: {
      parameters: {
        path: { id: string };
        header?: {
          "if-match"?: string;
        };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @maxItems 1000
             * @uniqueItems true
             */
            roleIds: string[];
            /**
             * `workspace`, `application:<id>`, `organization:<id>` or `room:<id>`.
             * @maxLength 300
             * @pattern ^(workspace|(application|organization|room):[\s\S]+)$
             */
            scope?: string;
          };
        };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/rooms": {
    /** List the rooms a user is in */
    get: {
      parameters: {
        query?: {
          /**
           * How many to answer at most.
           * @min 1
           * @max 200
           * @default 50
           */
          limit?: number;
          /**
           * The `next` of the page before this one.
           * @maxLength 2000
           */
          after?: string;
          /** Also count all that match. */
          total?: boolean;
        };
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                number: number;
                /**
                 * @minLength 1
                 * @maxLength 255
                 */
                name: string;
                /** A channel is public; a group is for its members. */
                kind: "channel" | "group" | "team";
                /** @maxLength 1000 */
                topic: string;
                /** @maxLength 1000 */
                description: string;
                /** New people join it by themselves. */
                isDefault: boolean;
                isArchived: boolean;
                /** @min 0 */
                membersCount?: number;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                updatedAt: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors": {
    /** List the second factors of a user */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                kind: "totp" | "passkey";
                name: string;
                /** An app counts once a code of it was given. */
                isConfirmed: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                usedAt?: string;
              }[];
              /** @min 0 */
              recoveryCodesLeft: number;
              /** A role of the user asks for a second factor. */
              isRequired: boolean;
            };
          };
        };
      };
    };
    /** Take all second factors from a user, as when a telephone is lost */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors/passkeys": {
    /** Keep the passkey that a browser has made */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * What its owner calls it.
             * @maxLength 100
             */
            name?: string;
            response: Record<string, unknown>;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              factor: {
                id: string;
                kind: "totp" | "passkey";
                name: string;
                /** An app counts once a code of it was given. */
                isConfirmed: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                usedAt?: string;
              };
              /** Each stands in once for another second factor. Told here and never again. */
              recoveryCodes?: string[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors/passkeys/options": {
    /** Begin with a passkey: what a browser needs to make one */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: { content: { "application/json": Record<string, unknown> } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors/recovery-codes": {
    /** Put new recovery codes in place of all before */
    post: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Each stands in once for another second factor. Told here and never again. */
              recoveryCodes: string[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors/totp": {
    /** Begin with an app that shows codes */
    post: {
      parameters: {
        path: { id: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * What its owner calls it.
             * @maxLength 100
             */
            name?: string;
          };
        };
      };
      responses: {
        201: {
          content: {
            "application/json": {
              id: string;
              /** To be typed into the app. Told here and never again. */
              secret: string;
              /** The same, to be shown as a QR code. */
              uri: string;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors/totp/{factorId}/confirm": {
    /** Take an app for a second factor, with a code of it */
    post: {
      parameters: {
        path: { id: string; factorId: string };
      };
      requestBody: {
        content: {
          "application/json": {
            /**
             * @minLength 1
             * @maxLength 50
             */
            code: string;
          };
        };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** Each stands in once for another second factor. Told here and never again. */
              recoveryCodes?: string[];
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/second-factors/{factorId}": {
    /** Remove a second factor */
    delete: {
      parameters: {
        path: { id: string; factorId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/sessions": {
    /** List where a user is signed in, the oldest first */
    get: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              items: {
                id: string;
                kind: "browser" | "api" | "personal-token";
                /** The dialect it was opened through; no other takes it. */
                door: string;
                applicationId?: string;
                name?: string;
                ip?: string;
                userAgent?: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                expiresAt?: string;
              }[];
              /** Pass it as `after`. */
              next: string | null;
              /** @min 0 */
              total?: number;
            };
          };
        };
      };
    };
    /** Sign a user out everywhere */
    delete: {
      parameters: {
        path: { id: string };
      };
      responses: {
        200: {
          content: {
            "application/json": {
              /** How many sessions there were. */
              ended: number;
            };
          };
        };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/sessions/{sessionId}": {
    /** End one session of a user */
    delete: {
      parameters: {
        path: { id: string; sessionId: string };
      };
      responses: {
        204: { content: { "application/json": void } };
      };
    };
  };
  "/api/rolecall/v1/users/{id}/user-metadata": {
    /** Change what a person keeps about himself */
    patch: {
      parameters: {
        path: { id: string };
      };
      requestBody: { content: { "application/json": Record<string, unknown> } };
      responses: {
        200: {
          content: {
            "application/json": {
              id: string;
              /** The integer id of dialects that need one. */
              number: number;
              kind: string;
              username?: string;
              email?: string;
              isEmailVerified: boolean;
              phone?: string;
              isPhoneVerified: boolean;
              name?: string;
              givenName?: string;
              familyName?: string;
              nickname?: string;
              picture?: string;
              isBlocked: boolean;
              /**
               * He registered then, and waits to be let in.
               * @format date-time
               */
              approvalAskedAt?: string;
              /** He can not sign in before his address is confirmed. */
              needsConfirmedEmail?: boolean;
              hasPassword: boolean;
              /** The connection whose password it is. */
              connectionId?: string;
              connectionName?: string;
              userMetadata: Record<string, unknown>;
              appMetadata: Record<string, unknown>;
              /** Moves with every change of the roles and permissions assigned. */
              rolesVersion: number;
              loginsCount: number;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              lastLoginAt?: string;
              lastIp?: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              createdAt: string;
              /**
               * An instant, as ISO 8601.
               * @format date-time
               */
              updatedAt: string;
              identities?: {
                provider: string;
                subject: string;
                connectionName: string;
                isSocial: boolean;
                /**
                 * An instant, as ISO 8601.
                 * @format date-time
                 */
                createdAt: string;
              }[];
              /** Assigned in the workspace; in lists that ask for them. */
              roles?: {
                id: string;
                name: string;
                isBuiltIn: boolean;
              }[];
            };
          };
        };
      };
    };
  };
}
