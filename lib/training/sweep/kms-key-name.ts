/** Whether SageMaker's name of a key, its id or ARN, is that of a key. An alias is not: it can be moved to another key. */
export function isKey(name: string, keyArn: string): boolean {
  return name !== '' && (name === keyArn || name === keyArn.slice(keyArn.lastIndexOf('/') + 1));
}
