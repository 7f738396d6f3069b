/** An error a person can do something about; its message is shown as it is. */
export class DomainError extends Error {
  readonly code: string;
  readonly details: unknown;

  constructor(code: string, message: string, details?: unknown) {
    super(message);
    this.name = new.target.name;
    this.code = code;
    this.details = details;
  }
}

/** Missing or hidden: one answer for both, so that nobody learns that a hidden row exists. */
export class NotFound extends DomainError {
  constructor(message = 'Not found') {
    super('NOT_FOUND', message);
  }
}

/** The row is visible, but this is not the actor's to do. */
export class Forbidden extends DomainError {
  constructor(message = 'You may not do this') {
    super('FORBIDDEN', message);
  }
}

/** Somebody was faster; `details.current` is the row as it is now, where the actor sees it. */
export class Conflict extends DomainError {
  constructor(message = 'This has changed in the meantime', details?: { current: unknown }) {
    super('CONFLICT', message, details);
  }
}

/** The rules of the business say no; the message says what is possible instead. */
export class RuleViolation extends DomainError {
  constructor(message: string, details?: unknown) {
    super('RULE_VIOLATION', message, details);
  }
}

/** Nobody is signed in, or not with these credentials. */
export class Unauthenticated extends DomainError {
  constructor(message = 'Please sign in') {
    super('UNAUTHENTICATED', message);
  }
}

/** Too often in too short a time; `details.retryAt` says when to try again, where that is known. */
export class TooManyAttempts extends DomainError {
  constructor(message = 'Too many attempts. Please try again later', details?: { retryAt: Date }) {
    super('TOO_MANY_ATTEMPTS', message, details);
  }
}

/** Something we stand on (the database, a queue) is away or overloaded; trying again may help. */
export class Unavailable extends DomainError {
  constructor(message = 'The service is not available right now. Please try again', cause?: unknown) {
    super('UNAVAILABLE', message);
    this.cause = cause;
  }
}

/** A value that is none: a date that cannot be, a character that no text can hold, a number beyond all bounds. */
export class BadValue extends DomainError {
  constructor() {
    super('BAD_VALUE', 'A date, number or character in this cannot be stored. Check what was entered.');
  }
}
