import { quoted, SigningError } from './signing-error';
import type { JsonObject, JsonValue } from './strict-json';

/** Reads the fields of one JSON object and names the place in the document when one does not fit. */
export class JsonShape {
  public static of(value: JsonValue | undefined, place: string): JsonShape {
    if (value === undefined) throw new SigningError('FIELD_MISSING', `${place} is missing`);
    if (!(value instanceof Map)) throw new SigningError('FIELD_INVALID', `${place} must be an object`);
    return new JsonShape(value, place);
  }

  private constructor(private readonly fields: JsonObject, private readonly place: string) {}

  /** Refuses any field that is not named here. */
  public only(...names: string[]): this {
    for (const key of this.fields.keys()) {
      if (!names.includes(key)) {
        throw new SigningError('FIELD_UNKNOWN', `${this.place} has the unknown field ${quoted(key)}; allowed: ${names.join(', ')}`);
      }
    }
    return this;
  }

  public has(name: string): boolean {
    return this.fields.has(name);
  }

  public get(name: string): JsonValue | undefined {
    return this.fields.get(name);
  }

  public keys(): string[] {
    return [...this.fields.keys()];
  }

  public object(name: string): JsonShape {
    return JsonShape.of(this.fields.get(name), `${this.place}.${name}`);
  }

  public array(name: string): JsonValue[] {
    const value = this.required(name);
    if (!Array.isArray(value)) throw this.invalid(name, 'an array');
    return value;
  }

  /** The objects of an array field. */
  public objects(name: string): JsonShape[] {
    return this.array(name).map((item, index) => JsonShape.of(item, `${this.place}.${name}[${index}]`));
  }

  /** A string that is not empty. */
  public string(name: string): string {
    const value = this.required(name);
    if (typeof value !== 'string' || value === '') throw this.invalid(name, 'a string that is not empty');
    return value;
  }

  public optionalString(name: string): string | undefined {
    return this.fields.has(name) ? this.string(name) : undefined;
  }

  public strings(name: string): string[] {
    const value = this.array(name);
    if (!value.every((item): item is string => typeof item === 'string' && item !== '')) {
      throw this.invalid(name, 'an array of strings that are not empty');
    }
    return value;
  }

  public boolean(name: string): boolean {
    const value = this.required(name);
    if (typeof value !== 'boolean') throw this.invalid(name, 'true or false');
    return value;
  }

  public positiveInteger(name: string): number {
    const value = this.required(name);
    if (typeof value !== 'number' || !Number.isSafeInteger(value) || value <= 0) throw this.invalid(name, 'a positive integer');
    return value;
  }

  private required(name: string): JsonValue {
    const value = this.fields.get(name);
    if (value === undefined) throw new SigningError('FIELD_MISSING', `${this.place}.${name} is missing`);
    return value;
  }

  private invalid(name: string, wanted: string): SigningError {
    return new SigningError('FIELD_INVALID', `${this.place}.${name} must be ${wanted}`);
  }
}
