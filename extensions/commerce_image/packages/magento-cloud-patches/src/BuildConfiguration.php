<?php

declare(strict_types=1);

namespace Magento\CloudPatches;

use Symfony\Component\Yaml\Exception\ParseException;
use Symfony\Component\Yaml\Yaml;

/** .magento.env.yaml of a project: what its build is asked to do. */
final class BuildConfiguration
{
    private const FILE = '.magento.env.yaml';
    private const QUALITY_PATCHES = 'QUALITY_PATCHES';

    public function __construct(private readonly string $root)
    {
    }

    /**
     * @return list<string>
     * @throws PatchException when the file cannot be read or does not list what it has to
     */
    public function qualityPatches(): array
    {
        $file = "$this->root/" . self::FILE;
        if (!is_file($file)) {
            return [];
        }
        try {
            $content = Yaml::parseFile($file, Yaml::PARSE_CONSTANT);
        } catch (ParseException $e) {
            throw new PatchException(self::FILE . ' cannot be read: ' . $e->getMessage(), 0, $e);
        }
        $ids = $content['stage']['build'][self::QUALITY_PATCHES] ?? [];
        if (!is_array($ids)) {
            throw new PatchException('stage.build.' . self::QUALITY_PATCHES . ' has to be a list.');
        }

        return array_values($ids);
    }
}
