<?php

declare(strict_types=1);

namespace Magento\Customer\Plugin;

use Magento\Customer\Model\Customer;

/**
 * A new customer's names are stored without blanks around them.
 */
class TrimNames
{
    private const COLUMNS = ['firstname' => '', 'lastname' => ''];

    /**
     * @param array<string, mixed> $row column => value
     * @return array<string, mixed> column => value
     */
    public function afterToArray(Customer $subject, array $row): array
    {
        return array_map(trim(...), array_intersect_key($row, self::COLUMNS)) + $row;
    }
}
