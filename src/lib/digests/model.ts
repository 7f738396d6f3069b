/** Every working morning, or on the first working day of the week for administrators. */
export const DIGEST_KINDS = ['morning', 'weekly'] as const;
export type DigestKind = (typeof DIGEST_KINDS)[number];

/** `writing` is under way, `queued` was mailed, `skipped` had nothing to say, `failed` is tried again a few times. */
export const DIGEST_STATES = ['writing', 'queued', 'skipped', 'failed'] as const;

export interface DigestContent {
  kind: DigestKind;
}
