<?php

declare(strict_types=1);

namespace Magento\Framework\Stdlib;

use DateTimeImmutable;
use DateTimeZone;

/**
 * Times as the database holds them: UTC, to the second.
 */
class DateTime
{
    private const FORMAT = 'Y-m-d H:i:s';

    public function now(): DateTimeImmutable
    {
        return new DateTimeImmutable('now', new DateTimeZone('UTC'));
    }

    public function parse(string $time): DateTimeImmutable
    {
        return new DateTimeImmutable($time, new DateTimeZone('UTC'));
    }

    public function format(DateTimeImmutable $time): string
    {
        return $time->format(self::FORMAT);
    }

    public function formatNow(): string
    {
        return $this->format($this->now());
    }
}
