/**
 * The members that have a value: `{ ...defined({ status }) }` leaves `status` out where it is `undefined`, as
 * `exactOptionalPropertyTypes` wants it. `null` is a value.
 */
export function defined<T extends object>(members: T): Defined<T> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as Defined<T>;
}

type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };
