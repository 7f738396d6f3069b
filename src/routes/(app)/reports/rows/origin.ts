import type { Narrowing } from '#lib/reports/model.ts';
import { ABOUT } from '../reports.ts';

/** The report a figure comes from, narrowed as the list is to what the report can be narrowed to. */
export function reportOf({ of, ...narrowing }: Narrowing): { title: string; href: string } {
  if (of === 'pipeline') return { title: 'Pipeline', href: `/reports/pipeline?onDate=${narrowing.to ?? ''}` };
  const params = new URLSearchParams();
  const { from, to, team, person, kind, requestType, target } = narrowing;
  for (const [name, value] of Object.entries({ from, to, team, person, kind, requestType, target }))
    if (value !== undefined) params.set(name, String(value));
  return { title: ABOUT[of].title, href: `/reports/${of}?${params.toString()}` };
}
