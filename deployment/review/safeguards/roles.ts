import { listedSafeguard, type Safeguard } from "./safeguard.ts";

/** A function's role, which is the same one only as long as its path is. */
export const roles: Safeguard = listedSafeguard({
  held: (snapshot) =>
    snapshot.all("aws_lambda_function").flatMap(({ address, values }) => {
      const role = snapshot.get(snapshot.resourceOf(values["role"], ["aws_iam_role"], ["name"]));
      if (role === undefined) return [];
      const { name, path } = role.values;
      return [
        {
          key: `path of role ${name}, which is that of ${address}`,
          address: role.address,
          level: String(path ?? "/"),
        },
      ];
    }),
  lost: "events for as long as the function has no role: another path makes the role anew under the same name, which AWS takes once, and the apply may stop there",
  remedy: "Keep the path: another one is for a new environment.",
  absenceLoses: false, // that the function's permissions are gone is told by itself
});
