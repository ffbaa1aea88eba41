<?php

declare(strict_types=1);

namespace Magento\Framework\App\DeploymentConfig;

/**
 * What environment variables change in the deployment configuration.
 *
 * #env(NAME) and #env(NAME, "default") as a value; MAGENTO_DC_DB__CONNECTION__DEFAULT__HOST for
 * db/connection/default/host; MAGENTO_DC__OVERRIDE, a JSON object, for any number of keys.
 */
class EnvironmentOverrides
{
    private const LITERAL = '/^#env\(\s*(\w+)\s*(?:,\s*"([^"]*)"\s*)?\)$/D';
    private const VARIABLE = '/^MAGENTO_DC_([A-Z0-9].*)$/D';
    private const JSON_VARIABLE = 'MAGENTO_DC__OVERRIDE';

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed>
     */
    public function apply(array $data): array
    {
        array_walk_recursive($data, function (mixed &$value): void {
            $value = $this->resolveLiteral($value);
        });
        $json = json_decode((string)getenv(self::JSON_VARIABLE), true);
        $data = array_replace_recursive($data, is_array($json) ? $json : []);

        foreach (getenv() as $name => $value) {
            if (preg_match(self::VARIABLE, $name, $match) === 1) {
                $this->set($data, explode('__', strtolower($match[1])), $value);
            }
        }

        return $data;
    }

    private function resolveLiteral(mixed $value): mixed
    {
        if (!is_string($value) || preg_match(self::LITERAL, $value, $match) !== 1) {
            return $value;
        }
        $given = getenv($match[1]);

        return $given === false ? $match[2] ?? null : $given;
    }

    /**
     * @param array<string, mixed> $data
     * @param list<string> $keys
     */
    private function set(array &$data, array $keys, string $value): void
    {
        $place = &$data;
        foreach ($keys as $key) {
            $place = is_array($place) ? $place : [];
            $place = &$place[$this->findKey($place, $key)];
        }
        $place = $value;
    }

    /**
     * Variables are upper case, keys as MAGE_MODE are too: an existing key is met in any case.
     *
     * @param array<string, mixed> $place
     */
    private function findKey(array $place, string $key): string
    {
        foreach (array_keys($place) as $existing) {
            if (strtolower((string)$existing) === $key) {
                return (string)$existing;
            }
        }

        return $key;
    }
}
