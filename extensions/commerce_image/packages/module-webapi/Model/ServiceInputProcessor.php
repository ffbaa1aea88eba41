<?php

declare(strict_types=1);

namespace Magento\Webapi\Model;

use Magento\Framework\Exception\InputException;
use ReflectionMethod;
use ReflectionNamedType;
use ReflectionParameter;

/**
 * Makes a service method's arguments of what the client has sent.
 */
class ServiceInputProcessor
{
    private const WRONG_TYPE = 'The "%1" value\'s type is invalid. The "%2" type was expected. '
        . 'Verify and try again.';

    /**
     * @param array<string, mixed> $data parameter's name => value
     * @return list<mixed>
     * @throws InputException
     */
    public function process(string $serviceClass, string $serviceMethod, array $data): array
    {
        return array_values($this->getValues(new ReflectionMethod($serviceClass, $serviceMethod), $data));
    }

    /**
     * @param array<string, mixed> $data
     * @return array<string, mixed> parameter's name => value
     * @throws InputException naming every field that is missing
     */
    private function getValues(ReflectionMethod $method, array $data): array
    {
        $values = [];
        $missing = [];
        foreach ($method->getParameters() as $parameter) {
            $name = $parameter->getName();
            $given = $data[$name] ?? $data[$this->toSnakeCase($name)] ?? null;
            if ($given !== null) {
                $values[$name] = $this->convert($parameter, $given);
            } elseif ($parameter->isDefaultValueAvailable()) {
                $values[$name] = $parameter->getDefaultValue();
            } elseif ($parameter->allowsNull()) {
                $values[$name] = null;
            } else {
                $missing[] = $name;
            }
        }
        if ($missing !== []) {
            throw InputException::requiredFields($missing);
        }

        return $values;
    }

    /**
     * @throws InputException
     */
    private function convert(ReflectionParameter $parameter, mixed $value): mixed
    {
        $type = $parameter->getType() instanceof ReflectionNamedType ? $parameter->getType()->getName() : 'mixed';
        $isScalarType = in_array($type, ['string', 'int', 'float', 'bool'], true);
        if ($isScalarType !== is_scalar($value)) {
            throw new InputException(self::WRONG_TYPE, [$parameter->getName(), $type]);
        }
        if ($isScalarType) {
            settype($value, $type);

            return $value;
        }

        return class_exists($type)
            ? new $type(...$this->getValues(new ReflectionMethod($type, '__construct'), (array)$value))
            : $value;
    }

    private function toSnakeCase(string $name): string
    {
        return strtolower(preg_replace('/(?<!^)[A-Z]/', '_$0', $name));
    }
}
