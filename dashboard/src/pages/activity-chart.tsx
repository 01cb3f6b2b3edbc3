import '@mantine/charts/styles.css'
import { AreaChart } from '@mantine/charts'
import { Box } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { read } from '../server.ts'
import { Fault } from '../shell/faults.tsx'
import { eventsText } from '../text/events.ts'
import { useFormat } from '../text/format.ts'
import { useText } from '../text/language.tsx'
import { Section } from '../ui/page.tsx'

const days = 14

/** Sign-ups, sign-ins, failures and roles given, day by day. The same numbers stand in a table for whoever listens. */
const ActivityChart = () => {
  const t = useText(eventsText)
  const format = useFormat()
  const [from] = useState(() => new Date(Date.now() - (days - 1) * 86_400_000).toISOString())
  const found = useQuery(read('/statistics/daily', { params: { query: { from } } }))
  const series = [
    { name: 'signIns', label: t.signIns, color: 'iris.5' },
    { name: 'failedSignIns', label: t.failures, color: 'red.6' },
    { name: 'signUps', label: t.signUps, color: 'teal.6' },
    { name: 'rolesGiven', label: t.assignments, color: 'orange.5' },
  ] as const
  const data = found.data?.items.map(({ at, ...counts }) => ({ day: format.day(at), ...counts })) ?? []
  return (
    <Section title={t.charts}>
      {found.error ? (
        <Fault error={found.error} onRetry={() => void found.refetch()} />
      ) : (
        <Box h={200}>
          <figure style={{ margin: 0 }} aria-label={t.charts}>
            <AreaChart
              h={200}
              data={data}
              dataKey="day"
              series={[...series]}
              curveType="monotone"
              withLegend
              withDots={false}
              strokeWidth={2}
              fillOpacity={0.12}
              gridAxis="x"
              tickLine="none"
              yAxisProps={{ allowDecimals: false, width: 32 }}
              areaChartProps={{ accessibilityLayer: false }}
            />
          </figure>
          <div className="visually-hidden">
            <table>
              <caption>{t.charts}</caption>
              <thead>
                <tr>
                  <th scope="col">{t.when}</th>
                  {series.map(({ name, label }) => (
                    <th key={name} scope="col">
                      {label}
                    </th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {data.map((day) => (
                  <tr key={day.day}>
                    <th scope="row">{day.day}</th>
                    {series.map(({ name }) => (
                      <td key={name}>{day[name]}</td>
                    ))}
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        </Box>
      )}
    </Section>
  )
}

export default ActivityChart
