import type { FastifyReply, FastifyRequest } from 'fastify'
import { codePage, messagePage, questionPage } from '#pages/plain.ts'
import { fill } from '#pages/texts.ts'
import { paths } from './paths.ts'
import type { Show } from './show.ts'

/** A page that the provider asks for while somebody connects a device. */
export type DevicePage =
  | { page: 'device-code'; xsrf?: string; fault?: string; userCode?: string }
  | { page: 'device-confirm'; xsrf?: string; application?: string; userCode: string }
  | { page: 'device-done'; application?: string }

export const devicePage = (
  { show }: { show: Show },
  request: FastifyRequest,
  reply: FastifyReply,
  page: DevicePage,
  filledIn: string | undefined,
): Promise<FastifyReply> =>
  show(request, reply, (setting) => {
    const { texts } = setting
    switch (page.page) {
      case 'device-code': {
        if (page.fault === 'AbortedError') {
          return messagePage(setting, { title: texts.deviceTitle, text: texts.deviceAborted })
        }
        const { fault, userCode } = page
        return codePage(setting, {
          title: texts.deviceTitle,
          lead: texts.deviceLead,
          action: paths.device,
          fields: { xsrf: page.xsrf },
          name: 'user_code',
          label: texts.code,
          isNumeric: false,
          value: userCode ?? filledIn,
          fault: fault === undefined ? undefined : texts.deviceWrongCode,
          links: [],
        })
      }
      case 'device-confirm':
        return questionPage(setting, {
          title: texts.deviceConfirmTitle,
          text: fill(texts.deviceConfirmLead, { application: page.application ?? '' }),
          action: paths.device,
          fields: { xsrf: page.xsrf, user_code: page.userCode },
          code: page.userCode,
          yes: { label: texts.continue, name: 'confirm' },
          no: { label: texts.cancel, name: 'abort', value: 'yes' },
        })
      case 'device-done':
        return messagePage(setting, { title: texts.deviceDoneTitle, text: texts.deviceDone })
    }
  })
