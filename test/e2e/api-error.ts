/** An error that an AWS API answers with; `type` is the code that SDKs and Terraform look at. */
export class ApiError extends Error {
  constructor(
    readonly type: string,
    message: string,
  ) {
    super(message);
    this.name = 'ApiError';
  }
}

/** Throws unless the condition holds; reads as the rule that it states. */
export function demand(condition: unknown, type: string, message: string): asserts condition {
  if (!condition) throw new ApiError(type, message);
}
