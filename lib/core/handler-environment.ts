/**
 * The value of an environment variable that a construct sets for its handler.
 *
 * @throws when it is missing, so that a handler without its settings does nothing
 */
export function requireEnvironment(name: string): string {
  const value = process.env[name];
  if (value === undefined || value === '') throw new Error(`the environment variable ${name} is not set: deploy the function with its construct`);
  return value;
}
