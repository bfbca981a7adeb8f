import { sourceDefinitions } from "../../../contract/sources/index.ts";

test.each(Object.entries(sourceDefinitions))(
  "%s has a route of its own, and names the parameter in it",
  (name, definition) => {
    expect(definition.source).toBe(name);
    const parameters = [...definition.path.matchAll(/\{([^}]+)\}/g)].map(([, parameter]) => parameter);
    expect(parameters).toEqual(definition.integrationParameter ? [definition.integrationParameter] : []);
    const paths = Object.values(sourceDefinitions).map(({ path }) => path);
    expect(paths.filter((path) => path === definition.path)).toHaveLength(1);
  },
);
