<?php

declare(strict_types=1);

namespace Magento\Framework\Exception;

use Throwable;

/**
 * An error whose text may be shown to the one who asked.
 */
class LocalizedException extends \Exception
{
    /**
     * @param array<string|int, string> $parameters name => value, in the text %name; or values, in the text %1, %2, …
     */
    public function __construct(
        private readonly string $rawMessage,
        private readonly array $parameters = [],
        ?Throwable $previous = null,
    ) {
        $names = array_map(
            fn (string|int $name): string => '%' . (is_int($name) ? $name + 1 : $name),
            array_keys($parameters),
        );
        parent::__construct(strtr($rawMessage, array_combine($names, $parameters)), 0, $previous);
    }

    public function getRawMessage(): string
    {
        return $this->rawMessage;
    }

    /**
     * @return array<string|int, string>
     */
    public function getParameters(): array
    {
        return $this->parameters;
    }
}
