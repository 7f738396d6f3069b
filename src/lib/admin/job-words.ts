import { SCHEDULE_NAMES, TIMETABLE } from './timetable.ts';

/** What each job is called, beside the runs of schedules, which have the schedule's title. */
const JOB_TITLES = new Map([
  ['schedules.tick', 'Start of what the schedules have due'],
  ['mail.send', 'Sending of a mail'],
  ['notifications.mail', 'Notifications by mail'],
  ['clocks.due', 'Escalation, when something falls due'],
  ['clocks.recompute', 'New due times after a policy or a calendar was changed']
]);

/** A job in words, by the name it is declared with; one of another version of Rapport keeps its name. */
export function jobTitle(job: string, payload: Record<string, unknown>): string {
  if (job !== 'schedules.run') return JOB_TITLES.get(job) ?? `A job this version does not know (${job})`;
  const schedule = SCHEDULE_NAMES.find((name) => name === payload['schedule']);
  return schedule ? TIMETABLE[schedule].title : 'Run of a schedule this version does not know';
}
