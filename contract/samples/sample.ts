import type { JsonObject } from "../sources/source.ts";
import type { SampleRandom } from "./random.ts";

/**
 * An event as its sender would write it.
 *
 * @param at when it happened
 * @param eventType in place of one that is drawn
 */
export type Sample = (random: SampleRandom, at: Date, eventType?: string) => JsonObject;
